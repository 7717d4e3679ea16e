import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { structureOf } from '../../../../domain/preprocess/mask/structure-of.js';
import { gridOf } from '../../../support/images/image-fixtures.js';

const maskOf = (...values: readonly number[]) => ({
  grid: gridOf([values.length, 1, 1]),
  values: Float32Array.from(values),
});

describe('structureOf', () => {
  it('accepts any binary mask without a rule, including empty and full ones', () => {
    const structure = (...values: number[]) => [...structureOf(maskOf(...values), { source: 'm' }).values];
    assert.deepEqual(structure(0, 255, 0), [0, 1, 0]);
    assert.deepEqual(structure(0, 0.5), [0, 1]);
    assert.deepEqual(structure(0, 0), [0, 0]);
    assert.deepEqual(structure(1, 1), [1, 1]);
  });

  it('rejects other masks without a rule, naming the file and its values', () => {
    const refused =
      (...values: number[]) =>
      () =>
        structureOf(maskOf(...values), { source: 'm.nii' });
    assert.throws(refused(0, 1, 2), { code: 'LABEL_INVALID', message: /^m\.nii: contains the values 0, 1, 2, so/ });
    assert.throws(refused(0, -1), /the values -1, 0/);
    assert.throws(refused(0, 1, 2, 3, 4, 5, 6, 7), /the values 0, 1, 2, 3, 4, 5, …/);
  });

  it('with a rule, selects the values above the threshold and rejects values that are not allowed', () => {
    const allowed = [0, 1, 2, 4];
    const structure = structureOf(maskOf(0, 1, 2, 4), { source: 'm', rule: { greaterThan: 1, allowed } });
    assert.deepEqual([...structure.values], [0, 0, 1, 1]);
    assert.throws(() => structureOf(maskOf(0, 3, 4, 5), { source: 'seg.nii', rule: { greaterThan: 0, allowed } }), {
      code: 'LABEL_INVALID',
      message: 'seg.nii: contains values that are not allowed: 3, 5 (allowed: 0, 1, 2, 4)',
    });
  });

  it('with a rule, selects the values that it lists, also fractions as float32 has them', () => {
    const selected = (anyOf: readonly number[]) => [
      ...structureOf(maskOf(0, 1, 2, 4, 0.1), { source: 'm', rule: { anyOf } }).values,
    ];
    assert.deepEqual(selected([1, 4]), [0, 1, 0, 1, 0]);
    assert.deepEqual(selected([0]), [1, 0, 0, 0, 0]);
    assert.deepEqual(selected([0.1]), [0, 0, 0, 0, 1]);
    assert.deepEqual(selected([3]), [0, 0, 0, 0, 0]);
  });

  it('compares with values as the file has them: one that equals the threshold, rounded to float32, is not above it', () => {
    // As NumPy: (np.float32([0.6]) > 0.6).any() is False, although float32's 0.6 is 0.60000002384….
    const above = (greaterThan: number) => [
      ...structureOf(maskOf(0, 0.6, 0.7, 1), { source: 'm', rule: { greaterThan } }).values,
    ];
    assert.deepEqual(above(0.6), [0, 0, 1, 1]);
    assert.deepEqual(above(0.59), [0, 1, 1, 1]);
    const allowed = { source: 'm', rule: { greaterThan: 0.5, allowed: [0, 0.6] } };
    assert.deepEqual([...structureOf(maskOf(0, 0.6), allowed).values], [0, 1]);
  });

  it('rounds no rule for whole numbers, which are stored exactly', () => {
    const whole = { grid: gridOf([3, 1, 1]), values: Uint8Array.of(0, 2, 3) };
    // float32 rounds 2.99999999 to 3.
    assert.equal(Math.fround(2.99999999), 3);
    assert.deepEqual([...structureOf(whole, { source: 'm', rule: { greaterThan: 2.99999999 } }).values], [0, 0, 1]);
    assert.deepEqual([...structureOf(whole, { source: 'm', rule: { anyOf: [2.99999999] } }).values], [0, 0, 0]);
  });
});
