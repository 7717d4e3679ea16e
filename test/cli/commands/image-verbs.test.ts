import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { readImage } from '../../../storage/images/image-files.js';
import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { fixture } from '../../support/images/image-files.js';
import { gridOf, imageReference } from '../../support/images/image-fixtures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Reference {
  readonly affine: readonly (readonly number[])[];
  readonly values: readonly number[];
}

async function inspected(path: string): Promise<Record<string, unknown>> {
  const result = await runCommandLine(['inspect', path, '--json']);
  assertEnded(result, 0);
  return JSON.parse(result.output) as Record<string, unknown>;
}

describe('volbias inspect', () => {
  it('agrees with nibabel', async () => {
    // test/fixtures/images/make.py wrote the file and nibabel's own reading of it.
    const reference = imageReference<Reference>('nifti.json')['scaled.nii.gz'];
    const found = await inspected(fixture('scaled.nii.gz'));
    const values = reference?.values ?? [];
    assert.deepEqual(found.affine, [...(reference?.affine ?? []).slice(0, 3), [0, 0, 0, 1]]);
    assert.deepEqual(
      [found.shape, found.dataType, found.byteOrder, found.orientation, found.sformCode, found.qformCode],
      [[3, 4, 2], 'int16', 'little', 'LAS', 1, 1],
    );
    assert.deepEqual([found.slope, found.intercept, found.nonFinite], [0.25, -3.5, 0]);
    assert.deepEqual([found.min, found.max], [Math.min(...values), Math.max(...values)]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs((found.mean as number) - mean) < 1e-9);
  });

  it('counts NaN, gives the volume of each value of a mask, and describes pictures', async (test) => {
    const folder = await temporaryFolder(test);
    const mask = join(folder, 'mask.nii');
    writeFileSync(
      mask,
      encodeNifti({ grid: gridOf([2, 2, 2], [1, 2, 5]), values: Uint8Array.of(0, 1, 1, 1, 0, 0, 0, 0) }),
    );
    assert.deepEqual((await inspected(mask)).maskValues, [
      { value: 0, voxels: 5, volumeMl: 0.05 },
      { value: 1, voxels: 3, volumeMl: 0.03 },
    ]);
    const broken = join(folder, 'nan.nii');
    writeFileSync(broken, encodeNifti({ grid: gridOf([2, 2, 1]), values: Float32Array.of(NaN, 1, Infinity, 4) }));
    const found = await inspected(broken);
    assert.deepEqual([found.nonFinite, found.nan, found.infinite, found.mean], [2, 1, 1, 2.5]);
    const picture = await inspected(fixture('grey16.png'));
    assert.deepEqual([picture.shape, picture.dataType, picture.spacingMm], [[5, 3, 1], 'uint16', null]);
  });

  it('lists the extensions, and escapes control characters in comments', async (test) => {
    const bytes = readFileSync(fixture('extensions-1-little.nii'));
    // ESC, the one-character CSI and DEL, in the first comment.
    bytes.set(Buffer.from('\x1b[2J\u009b2J\x7f'), 360);
    const path = join(await temporaryFolder(test), 'comment.nii');
    writeFileSync(path, bytes);
    const [first, second] = (await inspected(path)).extensions as { text?: string; name?: string }[];
    assert.ok(first?.text?.startsWith('\x1b[2J\u009b2J\x7f') === true, first?.text);
    assert.deepEqual(second, { code: 4, name: 'afni', sizeBytes: 32 });
    const { output } = await runCommandLine(['inspect', path]);
    assert.match(output, /code 6 \(comment\), 48 bytes/);
    assert.ok(output.includes('\\x1b[2J\\x9b2J\\x7f'), output);
    assert.doesNotMatch(output.replaceAll('\n', ''), /\p{Cc}/u);
  });

  it('refuses a file that is not an image in one sentence, with exit code 1', async () => {
    const result = await runCommandLine(['inspect', fixture('make.py')]);
    assertEnded(result, 1);
    assert.match(result.errors, /^volbias: .*make\.py: unsupported file type; expected /);
  });
});

describe('volbias resample', () => {
  it('writes the grid of each convention, compressed if the name ends in .gz', async (test) => {
    const folder = await temporaryFolder(test);
    const input = fixture('float32-1.nii');
    for (const convention of ['centred', 'origin', 'scipyZoom']) {
      const output = join(folder, `${convention}.nii.gz`);
      assertEnded(await runCommandLine(['resample', input, output, '--spacing', '2', '--convention', convention]), 0);
      const [image] = await readImage(output);
      assert.deepEqual(image?.grid.shape, [3, 6, 4]);
    }
  });

  it('takes itk for centred, and says so', async (test) => {
    const folder = await temporaryFolder(test);
    const written = async (convention: string): Promise<[Buffer, string]> => {
      const output = join(folder, `${convention}.nii`);
      const result = await runCommandLine([
        ...['resample', fixture('float32-1.nii'), output],
        ...['--spacing', '2', '--convention', convention],
      ]);
      assertEnded(result, 0);
      return [readFileSync(output), result.errors];
    };
    const [bytes, warning] = await written('itk');
    assert.match(warning, /^--convention itk is now called centred; ITK's own convention is origin$/m);
    const [same, others] = await written('centred');
    assert.deepEqual(same, bytes);
    assert.doesNotMatch(others, /convention/);
  });

  it('smooths before voxels become larger, unless told not to', async (test) => {
    const folder = await temporaryFolder(test);
    const values = async (...more: string[]): Promise<number[]> => {
      const output = join(folder, 'out.nii');
      assertEnded(await runCommandLine(['resample', fixture('float32-1.nii'), output, '--spacing', '9', ...more]), 0);
      return [...((await readImage(output))[0]?.values ?? [])];
    };
    const smoothed = await values();
    assert.deepEqual(await values('--anti-alias', 'gaussian'), smoothed);
    assert.notDeepEqual(await values('--anti-alias', 'none'), smoothed);
  });

  it('keeps every channel, and resamples a mask to a mask', async (test) => {
    const folder = await temporaryFolder(test);
    const output = join(folder, 'vector.nii');
    assertEnded(await runCommandLine(['resample', fixture('vector.nii'), output, '--spacing', '1.5']), 0);
    assert.equal((await readImage(output)).length, 2);
    const mask = join(folder, 'mask.nii');
    const values = Uint8Array.from({ length: 64 }, (_, index) => (index % 4 < 2 ? 255 : 0));
    writeFileSync(mask, encodeNifti({ grid: gridOf([4, 4, 4]), values }));
    const smaller = join(folder, 'smaller.nii');
    assertEnded(await runCommandLine(['resample', mask, smaller, '--spacing', '2', '--mask']), 0);
    assert.deepEqual([...((await readImage(smaller))[0]?.values ?? [])], [1, 0, 1, 0, 1, 0, 1, 0]);
    assert.equal(readFileSync(smaller).readInt16LE(70), 2);
  });

  it('resamples a mask as the config may say: keeping its volume, linearly, or to shares', async (test) => {
    const folder = await temporaryFolder(test);
    const [mask, smaller] = [join(folder, 'mask.nii'), join(folder, 'smaller.nii')];
    const values = Uint8Array.from({ length: 64 }, (_, index) => (index % 4 === 0 ? 1 : 0));
    writeFileSync(mask, encodeNifti({ grid: gridOf([4, 4, 4]), values }));
    // Sixteen voxels are half of each of four larger ones: two of these have their volume, every second.
    for (const [how, wanted] of [
      ['volumePreserving', [0, 0, 1, 0, 0, 0, 1, 0]],
      ['linear', [1, 0, 1, 0, 1, 0, 1, 0]],
      ['soft', [0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0]],
    ] as const) {
      assertEnded(await runCommandLine(['resample', mask, smaller, '--spacing', '2', '--mask', how]), 0);
      assert.deepEqual([...((await readImage(smaller))[0]?.values ?? [])], wanted, how);
    }
    assertEnded(await runCommandLine(['resample', mask, smaller, '--spacing', '2', '--mask', 'cubic']), 2);
  });

  it('says which part of a structure lies outside the new grid', async (test) => {
    const folder = await temporaryFolder(test);
    const [mask, smaller] = [join(folder, 'mask.nii'), join(folder, 'smaller.nii')];
    writeFileSync(mask, encodeNifti({ grid: gridOf([9, 8, 8]), values: new Uint8Array(576).fill(1) }));
    // 9 mm become two voxels of 4 mm, so that a ninth of the structure is lost, however it is resampled.
    for (const how of ['volumePreserving', 'linear', 'soft']) {
      const result = await runCommandLine(['resample', mask, smaller, '--spacing', '4', '--mask', how]);
      assertEnded(result, 0);
      assert.match(
        result.errors,
        /mask\.nii: 11\.1 % of the structure, 0\.064 of 0\.576 ml, lies outside the new grid/,
      );
    }
    const whole = await runCommandLine(['resample', mask, smaller, '--spacing', '0.5', '--mask']);
    assertEnded(whole, 0);
    assert.doesNotMatch(whole.errors, /outside/);
  });

  it('says that axes are sheared, and how many voxels were NaN or infinite', async (test) => {
    const folder = await temporaryFolder(test);
    const [input, output] = [join(folder, 'tilted.nii'), join(folder, 'out.nii')];
    const grid = gridOf(
      [4, 4, 4],
      [1, 1, Math.SQRT2],
      [
        [1, 0, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 1, 0],
      ],
    );
    const values = Float32Array.from({ length: 64 }, (_, index) => (index < 2 ? NaN : index));
    writeFileSync(input, encodeNifti({ grid, values }));
    const result = await runCommandLine(['resample', input, output, '--spacing', '2', '--non-finite', 'zero']);
    assertEnded(result, 0);
    assert.match(result.errors, /tilted\.nii: its axes are sheared by 45°, and stay so when it is resampled/);
    assert.match(result.errors, /tilted\.nii: 2 voxels are NaN or infinite and become 0/);
  });

  it('selects the structure of a mask by --label, makes NaN 0 by --non-finite, and limits the output', async (test) => {
    const folder = await temporaryFolder(test);
    const [input, output] = [join(folder, 'in.nii'), join(folder, 'out.nii')];
    const values = Float32Array.from({ length: 64 }, (_, index) => [0, 1, 2, 4][index % 4] ?? NaN);
    writeFileSync(input, encodeNifti({ grid: gridOf([4, 4, 4]), values }));
    const resample = (...more: readonly string[]) =>
      runCommandLine(['resample', input, output, '--spacing', '2', ...more]);
    const refused = await resample('--mask');
    assertEnded(refused, 1);
    assert.match(refused.errors, /not a binary mask; .*\(resample, evaluate: --label\)/);
    assertEnded(await resample('--label', '1'), 0);
    assert.deepEqual([...((await readImage(output))[0]?.values ?? [])], [0, 1, 0, 1, 0, 1, 0, 1]);
    writeFileSync(input, encodeNifti({ grid: gridOf([4, 4, 4]), values: values.fill(NaN, 0, 1) }));
    const broken = await resample();
    assert.match(broken.errors, /1 voxel is NaN .* volbias resample --non-finite zero/);
    assertEnded(await resample('--non-finite', 'zero'), 0);
    const large = await resample('--non-finite', 'zero', '--max-voxels', '7');
    assert.match(large.errors, /would have 2×2×2 voxels, 8 in all; at most 7 are allowed \(--max-voxels\)/);
    for (const wrong of [
      ['--label', 'x'],
      ['--non-finite', 'keep'],
      ['--max-voxels', '0'],
    ]) {
      assertEnded(await resample(...wrong), 2);
    }
  });

  it('does not blend labels with --nearest', async (test) => {
    const folder = await temporaryFolder(test);
    const [labels, smaller] = [join(folder, 'labels.nii'), join(folder, 'smaller.nii')];
    const values = Float32Array.from({ length: 64 }, (_, index) => [0, 1, 2, 4][index % 4] ?? NaN);
    writeFileSync(labels, encodeNifti({ grid: gridOf([4, 4, 4]), values }));
    assertEnded(await runCommandLine(['resample', labels, smaller, '--spacing', '2', '--nearest']), 0);
    assert.deepEqual([...((await readImage(smaller))[0]?.values ?? [])], [1, 4, 1, 4, 1, 4, 1, 4]);
    assertEnded(await runCommandLine(['resample', labels, smaller, '--spacing', '2', '--mask']), 1);
  });

  it('refuses invalid arguments with exit code 2, and writes nothing', async (test) => {
    const output = join(await temporaryFolder(test), 'out.nii');
    const input = fixture('float32-1.nii');
    for (const args of [
      [input, output],
      [input, output, '--spacing', '0'],
      [input, output, '--spacing', 'two'],
      [input, output, '--spacing', '2', '--convention', 'nearest'],
      [input, input, '--spacing', '2'],
      [input, `${output}.png`, '--spacing', '2'],
      [fixture('grey16.png'), output, '--spacing', '2'],
    ]) {
      assertEnded(await runCommandLine(['resample', ...args]), 2);
    }
    assertEnded(await runCommandLine(['resample', input, output, '--spacing', '0.0001']), 1);
    assertEnded(await runCommandLine(['resample', fixture('vector.nii'), output, '--spacing', '2', '--mask']), 1);
    assert.ok(!existsSync(output));
  });
});
