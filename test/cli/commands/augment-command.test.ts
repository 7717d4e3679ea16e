import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import sharp from 'sharp';

import { formatBrief } from '../../../domain/report/words/format-number.js';
import { quantileOfSorted } from '../../../domain/statistics/quantile.js';
import { encodePng } from '../../../storage/images/picture-files.js';
import { assertEnded, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';

interface Sheet {
  readonly config: string;
  draw(this: void, ...args: readonly string[]): Promise<CommandLineResult>;
}

/** Two pictures of 27 × 27 pixels with a bright square, and a config that trains on them. */
async function sheetOf(t: TestContext, training: Record<string, unknown>): Promise<Sheet> {
  const root = await temporaryFolder(t);
  for (const kind of ['images', 'masks']) {
    await mkdir(join(root, 'data', kind), { recursive: true });
    for (const id of ['anna', 'bert']) {
      const values = Uint8Array.from({ length: 729 }, (_, index) => {
        const [x, y] = [index % 27, Math.floor(index / 27)];
        const inside = x >= 8 && x < 16 && y >= 10 && y < 20;
        return kind === 'masks' ? (inside ? 255 : 0) : (inside ? 180 : 60) + ((7 * x + 13 * y) % 32);
      });
      await writeFile(join(root, 'data', kind, `${id}.png`), await encodePng({ width: 27, height: 27, values }));
    }
  }
  const config = await writeConfig(root, tinyConfig({ training, dataSet: { path: join(root, 'data') } }));
  const draw = (...args: readonly string[]): Promise<CommandLineResult> =>
    runCommandLine(['augment', '--preview', config, '--data-dir', join(root, 'folder'), ...args]);
  return { config: root, draw };
}

test('a sheet shows the original case and one row per epoch, is reproducible and differs between folds', async (t) => {
  const { config: root, draw } = await sheetOf(t, { augmentation: {} });
  const file = (name: string): string => join(root, `${name}.png`);
  const result = await draw('anna', '--epochs', '3', '--output', file('a'), '--json');
  assertEnded(result, 0);
  const size = JSON.parse(result.output) as { width: number; height: number };
  const { data, info } = await sharp(file('a')).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [size.width, size.height]);
  // Each of the four rows: 27 pixels magnified 7 times, and a gap of 6.
  assert.equal(info.height, 4 * (27 * 7 + 6) + 6);
  const red = (row: number): number => {
    let count = 0;
    for (let y = row * 195; y < (row + 1) * 195; y++) {
      for (let x = 0; x < info.width; x++) {
        const at = info.channels * (x + info.width * y);
        if (data[at] === 255 && data[at + 1] === 80 && data[at + 2] === 60) count++;
      }
    }
    return count / 49;
  };
  // The border of 8 × 10 pixels.
  assert.equal(red(0), 8 * 10 - 6 * 8);
  for (const row of [1, 2, 3]) assert.ok(red(row) > 10, String(red(row)));

  assertEnded(await draw('anna', '--epochs', '3', '--output', file('b')), 0);
  assert.deepEqual(await readFile(file('b')), await readFile(file('a')));
  assertEnded(await draw('anna', '--epochs', '3', '--fold', '1', '--output', file('c')), 0);
  assert.notDeepEqual(await readFile(file('c')), await readFile(file('a')));
});

test('how much of the structure is left in the crop is printed', async (t) => {
  const still = { rotationInPlaneDegrees: 0, scale: [1, 1], elastic: 'none', flipLeftRightProbability: 0 };
  const sharesAt = async (translationVoxels: number): Promise<(number | null)[]> => {
    const { config: root, draw } = await sheetOf(t, { augmentation: { ...still, translationVoxels } });
    const result = await draw('anna', '--epochs', '12', '--output', join(root, 'a.png'), '--json');
    assertEnded(result, 0);
    const { rows } = JSON.parse(result.output) as { rows: { structureShare: number | null }[] };
    return rows.map(({ structureShare }) => structureShare);
  };
  assert.deepEqual(await sharesAt(0), Array(13).fill(1));
  // Of up to 20 of 27 pixels: some shifts take the square of 8 × 10 out.
  const [original, ...moved] = await sharesAt(20);
  assert.equal(original, 1);
  assert.ok(moved.some((share) => share !== null && share < 0.5) && moved.some((share) => share === 1), String(moved));
});

test('the values of the tissue before and after are printed in the units of the image', async (t) => {
  const still = { rotationInPlaneDegrees: 0, scale: [1, 1], translationVoxels: 0, elastic: 'none' };
  const gamma = { range: [1.5, 1.5], probability: 1 };
  const augmentation = { ...still, flipLeftRightProbability: 0, gamma, intensityShift: 0, intensityScale: 0 };
  const { config: root, draw } = await sheetOf(t, { augmentation });
  const args = ['anna', '--epochs', '1', '--output', join(root, 'a.png')];
  const result = await draw(...args, '--json');
  assertEnded(result, 0);
  interface Row {
    readonly name: string;
    readonly tissue: Readonly<Record<string, { low: number; median: number; high: number }>>;
  }
  const { rows } = JSON.parse(result.output) as { rows: Row[] };
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['original', 'epoch 1'],
  );
  // The picture's grey values, as `sheetOf` draws them; NumPy's percentiles are those of domain/statistics/quantile.ts.
  const grey = Float64Array.from({ length: 729 }, (_, index) => {
    const [x, y] = [index % 27, Math.floor(index / 27)];
    return (x >= 8 && x < 16 && y >= 10 && y < 20 ? 180 : 60) + ((7 * x + 13 * y) % 32);
  }).sort();
  const [bottom, top] = [quantileOfSorted(grey, 0.005), quantileOfSorted(grey, 0.995)];
  const toned = grey.map((v) =>
    v <= bottom || v >= top ? v : bottom + (top - bottom) * ((v - bottom) / (top - bottom)) ** 1.5,
  );
  [grey, toned].forEach((values, row) => {
    const { low = NaN, median = NaN, high = NaN } = rows[row]?.tissue['grey'] ?? {};
    const expected = [0.05, 0.5, 0.95].map((share) => quantileOfSorted(values, share));
    [low, median, high].forEach((found, i) =>
      assert.ok(Math.abs(found - (expected[i] as number)) < 1e-3, String(found)),
    );
  });
  const printed = await draw(...args);
  assertEnded(printed, 0);
  const shown = [0.05, 0.5, 0.95].map((share) => formatBrief(quantileOfSorted(grey, share))).join(' · ');
  assert.ok(printed.output.includes(`│ original                  │ ${shown}`), printed.output);
});

test('invalid arguments are refused with the reason', async (t) => {
  const { draw } = await sheetOf(t, { augmentation: {} });
  const unknown = await draw('carl');
  assertEnded(unknown, 2);
  assert.match(unknown.errors, /no case "carl"; its cases are anna, bert/);
  const epochs = await draw('anna', '--epochs', 'many');
  assertEnded(epochs, 2);
  assert.match(epochs.errors, /--epochs is "many"/);
  const fold = await draw('anna', '--fold', '2');
  assertEnded(fold, 2);
  assert.match(fold.errors, /--fold is 2, expected 0 to 1/);
  const name = await draw('anna', '--output', 'anna.jpg');
  assertEnded(name, 2);
  assert.match(name.errors, /anna\.jpg", expected a file name ending in \.png/);
  const plain = await sheetOf(t, {});
  const none = await plain.draw('anna');
  assertEnded(none, 2);
  assert.match(none.errors, /without augmentation/);
});
