import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { DomainError } from '../../../domain/domain-error.js';
import { runCommandLine } from '../../support/command-line.js';
import { findingsOf } from '../../support/data/findings-of.js';
import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { niftiBytes } from '../../support/images/nifti-bytes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const nnunet = { kind: 'nnunet', modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } };

/** Masks of 216 voxels: 0 elsewhere, and so many voxels of 1 and 2. */
const masks = { a: { 1: 5, 2: 3 }, b: { 1: 7 }, c: {} };
const listed =
  'The masks have the values 0 (633 voxels in 3 cases), 1 (12 voxels in 2 cases), 2 (3 voxels in 1 case); ' +
  'change this rule in the config';

async function written(test: TestContext, cases: Parameters<typeof writeMaskedCases>[1]): Promise<string> {
  const root = join(await temporaryFolder(test), 'data');
  await writeMaskedCases(root, cases);
  return root;
}

async function errorsOf(root: string, label: object): Promise<string[]> {
  const findings = await findingsOf(root, { ...nnunet, label });
  return findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** What the sweep's steps from scan to statistics say. */
async function failureOf(root: string, label: object, structure?: string): Promise<DomainError | undefined> {
  try {
    await prepareDataSet(join(root, '..', 'kept'), { ...nnunet, path: root, label }, structure);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

describe('a rule of label', () => {
  it('that selects no voxel of any mask is an error of validate and of a sweep, with the values that there are', async (test) => {
    const root = await written(test, masks);
    const expected =
      'label: { greaterThan: 2 } selects no voxel of any mask (3 cases), so there is nothing to learn. ' + listed;
    assert.deepEqual(await errorsOf(root, { greaterThan: 2 }), [expected]);
    const failure = await failureOf(root, { greaterThan: 2 });
    assert.deepEqual([failure?.code, failure?.message], ['DATA_SET_INVALID', expected]);
  });

  it('is named by its place in the config where that lists structures', async (test) => {
    const root = await written(test, masks);
    const failure = await failureOf(root, { equals: 9 }, 'core');
    assert.match(failure?.message ?? '', /^structures\.core: \{ equals: 9 \} selects no voxel of any mask \(3 cases\)/);
  });

  it('that selects every voxel of every mask is one too', async (test) => {
    const root = await written(test, masks);
    const expected =
      'label: { greaterThan: -1 } selects every voxel of every mask (3 cases), so there is nothing to learn. ' + listed;
    assert.deepEqual(await errorsOf(root, { greaterThan: -1 }), [expected]);
    assert.equal((await failureOf(root, { greaterThan: -1 }))?.message, expected);
  });

  it('may name the values that are the structure', async (test) => {
    const root = await written(test, masks);
    const volumes = async (label: object): Promise<number[]> => {
      const prepared = await prepareDataSet(join(root, '..', JSON.stringify(label)), { ...nnunet, path: root, label });
      return prepared.statistics.cases.map(({ quality }) => quality.structureVoxelsBefore);
    };
    assert.deepEqual(await volumes({ equals: 2 }), [3, 0, 0]);
    assert.deepEqual(await volumes({ anyOf: [1, 2] }), [8, 7, 0]);
    assert.deepEqual(await errorsOf(root, { equals: 3 }), [
      'label: { equals: 3 } selects no voxel of any mask (3 cases), so there is nothing to learn. ' + listed,
    ]);
    assert.deepEqual(await errorsOf(root, { anyOf: [3, 7] }), [
      'label: { anyOf: [3, 7] } selects no voxel of any mask (3 cases), so there is nothing to learn. ' + listed,
    ]);
  });

  it('that names a value which no mask has is a warning', async (test) => {
    const root = await written(test, masks);
    const found = async (anyOf: readonly number[]) => {
      const findings = await findingsOf(root, { ...nnunet, label: { anyOf } });
      return findings.filter((one) => one.case === undefined).map(({ severity, message }) => `${severity}: ${message}`);
    };
    assert.deepEqual(await found([1, 4, 2, 0.1]), [
      'warning: label: { anyOf: [1, 4, 2, 0.1] } names values that no mask has: 4, 0.1',
    ]);
    assert.deepEqual(await found([1, 2]), []);
  });

  it('that selects voxels of one mask is none', async (test) => {
    const root = await written(test, masks);
    assert.deepEqual(await errorsOf(root, { greaterThan: 1 }), []);
    assert.equal(await failureOf(root, { greaterThan: 1 }), undefined);
  });

  it('that fits no mask of fractions is told them, in the digits that a 32-bit float needs', async (test) => {
    const root = await written(test, { a: { 0.25: 5, 76.245: 3 }, b: { 1: 7 } });
    // Of 216 voxels each: 2 · 216 − 5 − 3 − 7 are 0.
    assert.deepEqual(await errorsOf(root, { equals: 2 }), [
      'label: { equals: 2 } selects no voxel of any mask (2 cases), so there is nothing to learn. The masks have the ' +
        'values 0 (417 voxels in 2 cases), 0.25 (5 voxels in 1 case), 1 (7 voxels in 1 case), 76.245 (3 voxels in 1 ' +
        'case); change this rule in the config',
    ]);
  });

  it('that fits no mask of many values is told their range', async (test) => {
    const root = await written(test, { a: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [at + 0.5, 1])) });
    assert.deepEqual(await errorsOf(root, { greaterThan: 50 }), [
      'label: { greaterThan: 50 } selects no voxel of any mask (1 case), so there is nothing to learn. The masks have ' +
        'other values from 0 to 39.5 (1 case); change this rule in the config',
    ]);
  });

  it('is not blamed where most masks cannot be read', async (test) => {
    const root = await written(test, { a: { 1: 5, 2: 3 }, b: { 1: 7, 2: 2 }, c: {} });
    const messages = await errorsOf(root, {});
    assert.equal(messages.length, 2);
    for (const message of messages) assert.match(message, /contains the values 0, 1, 2, so it is not a binary mask/);
  });
});

describe('whole numbers of a mask that float32 does not tell apart', () => {
  it('are an error of validate and of a sweep, because labels would merge', async (test) => {
    const root = await written(test, masks);
    // float32 has 24 bits of precision, so 2²⁴ + 1 is rounded to 2²⁴.
    assert.equal(Math.fround(2 ** 24 + 1), 2 ** 24);
    const labels = Array.from({ length: 216 }, (_, voxel) => (voxel < 8 ? 2 ** 24 + (voxel % 2) : 0));
    const path = join(root, 'labelsTr', 'b.nii');
    const grid = gridOf([6, 6, 6], [2, 2, 2]);
    const write = async ({ header, voxels }: ReturnType<typeof niftiBytes>): Promise<void> => {
      await writeFile(path, Buffer.concat([header, voxels]));
    };
    await write(niftiBytes(grid, 'int32', Int32Array.from(labels)));
    const expected = `${path}: 8 voxels are whole numbers of 2²⁴ or more, which are rounded to float32, so labels merge; give labels smaller numbers`;
    assert.deepEqual(await errorsOf(root, { greaterThan: 0 }), [expected]);
    assert.match((await failureOf(root, { greaterThan: 0 }))?.message ?? '', /case "b": .*so labels merge/);
    const output = join(root, 'out.nii');
    const resampled = await runCommandLine(['resample', path, output, '--spacing', '1', '--label', '1']);
    assert.match(resampled.errors, /so labels merge/);
    await write(niftiBytes(grid, 'float64', Float64Array.from(labels)));
    assert.deepEqual(await errorsOf(root, { greaterThan: 0 }), [expected]);
  });
});
