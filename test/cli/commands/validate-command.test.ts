import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { assertEnded, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';

interface Found {
  readonly findings: readonly { severity: string; dataSet: string; case?: string; message: string }[];
  readonly totals: { readonly cases: number; readonly errors: number; readonly warnings: number };
}

const brats = {
  name: 'tumours',
  kind: 'brats',
  path: 'data',
  modalities: ['FLAIR', 'T1', 'T1ce', 'T2'],
  label: { greaterThan: 0, allowed: [0, 1, 2, 4] },
  preprocessing: { crop: [6, 6, 6] },
};

async function validated(folder: string, dataSet: object, ...more: string[]): Promise<CommandLineResult> {
  const tiny = tinyConfig({ models: ['lr'], training: { validation: 'heldOut' } });
  const config = await writeConfig(folder, { ...tiny, dataSets: [dataSet] });
  return runCommandLine(['validate', config, '--data-dir', join(folder, 'kept'), ...more]);
}

const jsonOf = ({ output }: CommandLineResult): Found => JSON.parse(output) as Found;

describe('volbias validate', () => {
  it('prints one line for a valid data set, and writes nothing', async (test) => {
    const folder = await temporaryFolder(test);
    cpSync(join(fixturesFolder, 'layouts', 'brats2018'), join(folder, 'data'), { recursive: true });
    const result = await validated(folder, brats);
    assertEnded(result, 0);
    assert.equal(result.output, '0 errors and 0 warnings in 3 cases of 1 data set.\n');
    assert.deepEqual(readdirSync(folder).sort(), ['data', 'tiny.json']);
  });

  it('names a structure that no mask has by its place in the config', async (test) => {
    const folder = await temporaryFolder(test);
    cpSync(join(fixturesFolder, 'layouts', 'brats2018'), join(folder, 'data'), { recursive: true });
    const structures = { whole: { greaterThan: 0 }, absent: { equals: 9 } };
    const result = await validated(folder, { ...brats, label: {}, structures }, '--json');
    assertEnded(result, 1);
    const [finding, ...more] = jsonOf(result).findings;
    assert.deepEqual(more, []);
    assert.match(
      finding?.message ?? '',
      /^structures\.absent: \{ equals: 9 \} selects no voxel of any mask \(3 cases\)/,
    );
  });

  it('lists all problems of all cases, as a table and a summary line, or as JSON', async (test) => {
    const folder = await temporaryFolder(test);
    const data = join(folder, 'data');
    cpSync(join(fixturesFolder, 'layouts', 'brats2018'), data, { recursive: true });
    const pathOf = (id: string, sequence: string): string => join(data, id, `${id.split('/')[1]}_${sequence}.nii.gz`);
    const [first, second, third] = ['HGG/Brats18_CBICA_AAB_1', 'HGG/Brats18_TCIA01_203_1', 'LGG/Brats18_2013_10_1'];
    rmSync(pathOf(third, 't2'));
    copyFileSync(pathOf(first, 't1'), pathOf(second, 't1'));
    writeFileSync(pathOf(first, 'seg'), encodeNifti({ grid: gridOf([11, 11, 8]), values: new Uint8Array(968) }));
    mkdirSync(join(data, 'HGG', 'empty'));

    const result = await validated(folder, brats, '--json');
    assertEnded(result, 1);
    const { findings, totals } = jsonOf(result);
    assert.deepEqual(totals, { dataSets: 1, cases: 4, errors: 4, warnings: 0 });
    const messages = findings.map((finding) => `${finding.case ?? ''}: ${finding.message}`);
    for (const expected of [
      /^Brats18_2013_10_1: missing: .*_t2\.nii\.gz/,
      /^empty: missing: empty\/empty_flair/,
      /^Brats18_CBICA_AAB_1: .*_seg\.nii\.gz \(11×11×8.*do not share the same voxel grid/,
      /^Brats18_TCIA01_203_1: its image T1 is identical to T1 of case Brats18_CBICA_AAB_1/,
    ]) {
      assert.equal(messages.filter((message) => expected.test(message)).length, 1, String(expected));
    }
    const table = await validated(folder, brats);
    assertEnded(table, 1);
    assert.match(table.output, /│ error +│ tumours +│ Brats18_2013_10_1 +│ missing/);
    assert.match(
      table.output,
      /\nonInvalidCase: exclude in the data set leaves faulty cases out, and names them\.\n4 errors and 0 warnings in 4 cases of 1 data set\.\n$/,
    );
  });

  it('warns of empty masks, cropped structures, constant images and duplicate participants', async (test) => {
    const folder = await temporaryFolder(test);
    const data = join(folder, 'data');
    const grid = gridOf([6, 6, 6], [2, 2, 2]);
    mkdirSync(data);
    const image = (seed: number) => Float32Array.from({ length: 216 }, (_, index) => seed + index);
    ['a', 'b', 'c'].forEach((id, seed) => {
      writeFileSync(
        join(data, `${id}.nii`),
        encodeNifti({ grid, values: id === 'c' ? new Float32Array(216).fill(7) : image(seed) }),
      );
      const label = new Uint8Array(216).fill(id === 'a' ? 0 : 1);
      writeFileSync(join(data, `${id}-mask.nii`), encodeNifti({ grid, values: label }));
    });
    const rows = ['a,P01', 'b,p1', 'c,P3'].map((row) => `${row},${row[0]}-mask.nii,${row[0]}.nii`);
    writeFileSync(join(data, 'manifest.csv'), ['case,participant,label,T1', ...rows].join('\n'));
    const own = { name: 'own', kind: 'manifest', path: 'data', modalities: ['T1'], preprocessing: { crop: [3, 6, 6] } };
    const result = await validated(folder, own, '--json');
    assertEnded(result, 0);
    const messages = jsonOf(result).findings.map((finding) => `${finding.case ?? ''}: ${finding.message}`);
    assert.deepEqual(messages, [
      ": networks cannot see 50 % of the structures' volume (50 % outside the crop), which ΔV leaves out; a larger preprocessing.crop would hold it",
      'a: its mask is empty',
      'b: its mask covers the whole image',
      'b: networks cannot predict part of its structure (50 % outside the crop), which ΔV leaves out',
      'c: its mask covers the whole image',
      'c: networks cannot predict part of its structure (50 % outside the crop), which ΔV leaves out',
      'c: T1 is 7 at every voxel, so it contains no information',
      ': the masks of 2 cases are identical (b, c)',
      ': participants that may be the same: P01, p1',
    ]);
  });

  it('refuses an invalid or missing config with exit code 2', async (test) => {
    const folder = await temporaryFolder(test);
    assertEnded(await runCommandLine(['validate', join(folder, 'absent.yaml')]), 2);
    assertEnded(await runCommandLine(['validate']), 2);
    const absent = await validated(folder, brats);
    assertEnded(absent, 1);
    assert.match(absent.output, /data: there is no such folder/);
  });
});
