import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { configOf } from '../../../storage/sweeps/config-files.js';
import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { put } from '../../support/data/small-files.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const grid = gridOf([20, 20, 20], [2, 2, 2]);
const image = (number: number): Uint8Array =>
  encodeNifti({ grid, values: Float32Array.from({ length: 8000 }, (_, at) => (at * number) % 1009) });
const mask = (value: number): Uint8Array =>
  encodeNifti({ grid, values: new Float32Array(8000).fill(value, 4000, 4000 + 40 * value) });

const ids = ['P001', 'P002', 'P003', 'P, 4', 'P005'];

interface Project {
  readonly folder: string;
  readonly init: (folder: string, ...more: readonly string[]) => ReturnType<typeof runCommandLine>;
}

async function project(test: TestContext): Promise<Project> {
  const folder = await temporaryFolder(test);
  const init: Project['init'] = (data, ...more) => runCommandLine(['init', data, ...more], { cwd: folder });
  return { folder, init };
}

describe('volbias init, of a folder for each case', () => {
  it('writes a manifest beside the config, nothing into the data, and both are valid', async (test) => {
    const { folder, init } = await project(test);
    for (const [index, id] of ids.entries()) {
      await put(folder, `scans/${id}/${id}_flair.nii`, image(index + 1));
      await put(folder, `scans/${id}/t1.nii`, image(index + 11));
      await put(folder, `scans/${id}/lesion_mask.nii`, mask(index + 1));
    }
    await put(folder, 'scans/P006/t1.nii', image(6));
    const before = await readdir(join(folder, 'scans'), { recursive: true });
    const result = await init('scans');
    assertEnded(result, 0);
    assert.match(result.output, /^5 cases of 5 participants in the layout manifest: t1$/m);
    assert.match(result.errors, /^P006 cannot be used: missing: the mask in P006\/$/m);
    assert.deepEqual(await readdir(join(folder, 'scans'), { recursive: true }), before);
    const rows = ids.map((id) => {
      const paths = ['t1', 'lesion_mask'].map((name) => `../scans/${id}/${name}.nii`);
      return [id, ...paths].map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',');
    });
    const manifest = await readFile(join(folder, 'scans-manifest', 'manifest.csv'), 'utf8');
    const lines = ['case,t1,label', rows[3], rows[0], rows[1], rows[2], rows[4], 'P006,../scans/P006/t1.nii,', ''];
    assert.deepEqual(manifest.split('\n'), lines);
    const text = await readFile(join(folder, 'scans.yaml'), 'utf8');
    const [dataSet] = configOf('scans.yaml', text).dataSets;
    assert.deepEqual([dataSet?.kind, dataSet?.path, dataSet?.modalities], ['manifest', 'scans-manifest', ['t1']]);
    assert.match(text, /# flair: only 5 of 6 cases have it, so it is left out$/m);
    assert.match(text, /onInvalidCase: exclude # 1 case cannot be used/);
    const validate = await runCommandLine(['validate', 'scans.yaml'], { cwd: folder });
    assert.match(validate.output, /│ error +│ scans +│ P006 +│ missing: column label of row 7 in manifest\.csv/);
    assert.match(validate.output, /^1 error and 1 warning in 6 cases of 1 data set\.$/m);
    const again = await init('scans');
    assertEnded(again, 2);
    assert.match(again.errors, /scans\.yaml exists and is not replaced/);
    assertEnded(await init(join(folder, 'scans'), '--output', 'other.yaml'), 0);
    const absolute = await readFile(join(folder, 'other-manifest', 'manifest.csv'), 'utf8');
    assert.ok(absolute.includes(`\nP001,${join(folder, 'scans', 'P001', 't1.nii')},`));
  });

  it('does not guess which of several masks is meant', async (test) => {
    const { folder, init } = await project(test);
    for (const name of ['t1', 'mask', 'brain_mask']) await put(folder, `scans/a/${name}.nii`, mask(1));
    const result = await init('scans');
    assertEnded(result, 2);
    assert.match(result.errors, /its layout is not known/);
    assert.deepEqual(await readdir(folder), ['scans']);
  });
});

describe('volbias init, of a manifest', () => {
  it('names the cell that is empty, and the case that has it', async (test) => {
    const { folder, init } = await project(test);
    const rows = ids.slice(0, 3).map((id, index) => `${id};${index}.nii;m${index}.nii\n`);
    await put(folder, 'scans/manifest.csv', `case;FLAIR;label\n${rows.join('')}P009;;m0.nii\n`);
    for (const number of [0, 1, 2]) {
      await put(folder, `scans/${number}.nii`, image(number + 1));
      await put(folder, `scans/m${number}.nii`, mask(number + 1));
    }
    const result = await init('scans');
    assertEnded(result, 0);
    assert.match(result.errors, /^P009 cannot be used: missing: column FLAIR of row 5 in manifest\.csv$/m);
    assert.match(result.output, /^3 cases of 3 participants in the layout manifest: FLAIR$/m);
  });

  it('asks for its folder', async (test) => {
    const { folder, init } = await project(test);
    await put(folder, 'cases.csv', 'case,label,T1\n');
    const result = await init('cases.csv');
    assertEnded(result, 2);
    assert.match(result.errors, /cases\.csv: it is a file, not a folder; .* named manifest\.csv; give the folder/);
  });
});

describe('volbias init, of data that cannot be trained on', () => {
  it('says so where the masks that it has read are empty', async (test) => {
    const { folder, init } = await project(test);
    for (const [index, id] of ids.entries()) {
      await put(folder, `scans/images/${id}.nii`, image(index + 1));
      await put(folder, `scans/masks/${id}.nii`, mask(0));
    }
    const result = await init('scans');
    assertEnded(result, 0);
    assert.match(result.errors, /no voxel of the 5 masks that were read is above 0: there is nothing to learn/);
    const text = await readFile(join(folder, 'scans.yaml'), 'utf8');
    assert.match(text, /greaterThan: 0 # none of these masks has such a voxel/);
  });

  it('says so where there are too few cases to split', async (test) => {
    const { folder, init } = await project(test);
    await put(folder, 'scans/images/a.nii', image(1));
    await put(folder, 'scans/masks/a.nii', mask(1));
    const result = await init('scans');
    assertEnded(result, 0);
    assert.match(result.errors, /plan and run refuse so few cases: 2 folds .* but there is only 1$/m);
  });

  it('takes 0 and one other value for a mask, whatever it is, as validate does', async (test) => {
    const { folder, init } = await project(test);
    for (const [index, id] of ids.entries()) {
      await put(folder, `scans/images/${id}.nii`, image(index + 1));
      const values = new Float32Array(8000).fill(76.245, 4000, 4050 + index);
      await put(folder, `scans/masks/${id}.nii`, encodeNifti({ grid, values }));
    }
    const result = await init('scans');
    assertEnded(result, 0);
    assert.equal(result.errors, '');
    const text = await readFile(join(folder, 'scans.yaml'), 'utf8');
    // 5 · 50 + 0 + 1 + 2 + 3 + 4 of 5 · 8000 voxels.
    assert.match(text, /# Values of 5 masks: 0 \(39740 voxels in 5 masks\), 76\.245 \(260 voxels in 5 masks\)$/m);
    assert.match(text, /greaterThan: 0 # the structure$/m);
    const validate = await runCommandLine(['validate', 'scans.yaml'], { cwd: folder });
    assertEnded(validate, 0);
    // One cause of all cases is one row.
    assert.match(
      validate.output,
      /│ warning +│ scans +│ P, 4, P001, P002, P003, P005 +│ it has values that are not whole/,
    );
    assert.match(validate.output, /^0 errors and 1 warning in 5 cases of 1 data set\.$/m);
  });
});
