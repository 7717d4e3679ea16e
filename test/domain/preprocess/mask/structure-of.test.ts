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
});
