import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import sharp from 'sharp';

import type { Affine, Grid } from '../../../domain/image/grid.js';
import { assertEnded } from '../../support/command-line.js';
import { gridOf, labelOf } from '../../support/images/image-fixtures.js';
import {
  evaluate,
  folders,
  grid,
  prediction,
  truth,
  write,
  type Evaluation,
} from '../../support/images/segmentation-folders.js';
import { segmentationReferences } from '../../support/images/segmentation-references.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The keys that other programs rely on. */
const promised = [
  ...['crossEntropy', 'softDiceScore', 'volumeError', 'unit', 'dice', 'jaccard', 'hausdorff95Mm'],
  ...['averageSurfaceDistanceMm', 'normalisedSurfaceDice', 'lesionF1', 'expectedCalibrationError', 'brierScore'],
  ...['truthVolume', 'predictedVolume'],
];

async function evaluated(prediction: string, truth: string, ...more: readonly string[]): Promise<Evaluation> {
  const result = await evaluate(prediction, truth, '--json', ...more);
  assertEnded(result, 0);
  return JSON.parse(result.output) as Evaluation;
}

describe('volbias evaluate', () => {
  it('measures a pair of files as libraries do, under the promised keys', async (test) => {
    const { toleranceMm, cases } = segmentationReferences;
    const one = cases.find(({ name }) => name === 'blobs on thick slices');
    assert.ok(one);
    const folder = await temporaryFolder(test);
    const onGrid = gridOf(one.shape, one.spacingMm);
    const found = await evaluated(
      await write(join(folder, 'map.nii.gz'), { grid: onGrid, values: one.predicted }),
      await write(join(folder, 'truth.nii.gz'), { grid: onGrid, values: one.truth }),
      ...['--tolerance', String(toleranceMm)],
    );
    const [scores = {}] = found.cases;
    for (const key of promised) assert.ok(key in scores, key);
    assert.deepEqual([scores.case, scores.prediction, scores.unit], ['truth', 'map', 'ml']);
    for (const [name, expected] of Object.entries(one.expected)) {
      if (typeof expected !== 'number') continue; // numbers of lesions
      assert.ok(
        Math.abs(Number(scores[name]) - expected) < 1e-12,
        `${name} is ${String(scores[name])}, not ${expected}`,
      );
    }
    const voxelMl = (0.9375 * 0.9375 * 5) / 1000;
    const volumeOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0) * voxelMl;
    assert.ok(Math.abs(Number(scores.truthVolume) - volumeOf(one.truth)) < 1e-9);
    assert.ok(Math.abs(Number(scores.predictedVolume) - volumeOf(one.predicted)) < 1e-9);
    assert.equal(scores.volumeError, Number(scores.predictedVolume) - Number(scores.truthVolume));
  });

  it('matches the images of two folders by name, whatever the order of their axes and their ending', async (test) => {
    const { predictions, truths } = await folders(test);
    const { cases, means } = await evaluated(predictions, truths);
    const [a, b] = cases;
    assert.deepEqual([a?.case, b?.case, a?.dice, b?.dice], ['a', 'b', 36 / 42, 1]);
    assert.deepEqual([b?.jaccard, b?.hausdorff95Mm, b?.averageSurfaceDistanceMm], [1, 0, 0]);
    assert.equal(means.dice, (36 / 42 + 1) / 2);
    const lines = (await evaluate(predictions, truths)).output.trimEnd().split('\n');
    assert.ok(lines.some((line) => /^│ mean +│ 0\.144 /.test(line)));
  });

  it('knows the names of what volbias predict writes', async (test) => {
    const { predictions, truths } = await folders(test);
    await write(join(truths, 'c.nii'), truth);
    const map = { grid, values: Float32Array.from(truth.values, (label) => 0.75 * label) };
    await write(join(predictions, 'c-probability.nii.gz'), map);
    await write(join(predictions, 'c-mask.nii.gz'), truth);
    const { cases, unmatched } = await evaluated(predictions, truths);
    assert.deepEqual(
      cases.map((one) => [one.case, one.prediction]),
      [
        ['a', 'mask'],
        ['b', 'mask'],
        ['c', 'map'],
      ],
    );
    assert.deepEqual(unmatched, { predictions: [], truths: [] });
  });

  it('says which files have no partner, and over how many cases a mean is', async (test) => {
    const { predictions, truths } = await folders(test);
    await write(join(predictions, 'only-predicted.nii'), truth);
    await write(join(truths, 'only-true.nii'), truth);
    await write(join(truths, '._a.nii'), truth); // as macOS leaves behind
    await write(
      join(predictions, 'b.nii'),
      labelOf(grid, () => false),
    );
    const { unmatched, means, casesWithout, cases } = await evaluated(predictions, truths);
    assert.deepEqual(unmatched.predictions, [join(predictions, 'only-predicted.nii')]);
    assert.deepEqual(unmatched.truths, [join(truths, 'only-true.nii')]);
    assert.equal(means.hausdorff95Mm, cases[0]?.hausdorff95Mm);
    assert.deepEqual(casesWithout, { hausdorff95Mm: 1, averageSurfaceDistanceMm: 1 });
    const { output, errors } = await evaluate(predictions, truths);
    assert.match(errors, /only-predicted\.nii: no truth of this name/);
    assert.match(errors, /only-true\.nii: no prediction of this name/);
    assert.match(output, /HD95: mean over 1 of 2 cases/);
  });

  it('takes the structure of masks with several labels by --label, and says if nothing is left', async (test) => {
    const folder = await temporaryFolder(test);
    const labels = { grid, values: truth.values.map((label, i) => label * (i % 2 === 0 ? 2 : 4)) };
    const path = await write(join(folder, 'labels.nii'), labels);
    const mask = await write(join(folder, 'mask.nii'), truth);
    const map = await write(join(folder, 'map.nii'), {
      grid,
      values: Float32Array.from(truth.values, (one) => one * 0.75),
    });
    const refused = await evaluate(path, path);
    assertEnded(refused, 1);
    assert.match(refused.errors, /contains the values 0, 2, 4, so it is not a binary mask/);
    assert.equal((await evaluated(map, path, '--label', '0')).cases[0]?.dice, 1);
    assert.ok(Number((await evaluated(map, path, '--label', '2')).cases[0]?.dice) < 1);
    const empty = await evaluate(mask, path, '--label', '2');
    assert.equal(empty.code, 0);
    assert.match(empty.errors, /mask\.nii: no value is above 2, as --label asks; it has the values 0, 1\n/);
  });

  it('takes single labels and several by --label, and lists the values if none is there', async (test) => {
    const folder = await temporaryFolder(test);
    const labels = { grid, values: truth.values.map((label, i) => label * (1 + (i % 3))) }; // 0, 1, 2, 3
    const path = await write(join(folder, 'labels.nii'), labels);
    const voxels = (...wanted: number[]): number => [...labels.values].filter((one) => wanted.includes(one)).length;
    const [voxelMl] = [(1 * 2 * 3) / 1000];
    for (const [label, ...wanted] of [['=2', 2] as const, ['1,3', 1, 3] as const, ['>1', 2, 3] as const]) {
      const [scores] = (await evaluated(path, path, '--label', label)).cases;
      assert.ok(Math.abs(Number(scores?.truthVolume) - voxels(...wanted) * voxelMl) < 1e-9, label);
      assert.equal(scores?.dice, 1);
    }
    const empty = await evaluate(path, path, '--label', '5,7');
    assert.equal(empty.code, 2);
    assert.match(empty.errors, /no truth has a structure that --label asks for; .*--label takes 1 or '>1'/);
    assert.match(empty.errors, /labels\.nii: no value is 5 or 7, as --label asks; it has the values 0, 1, 2, 3\n/);
    // A healthy participant's truth has no label at all, which is no mistake.
    const healthy = await write(join(folder, 'healthy.nii'), { grid, values: truth.values.map(() => 0) });
    assert.equal((await evaluated(healthy, healthy, '--label', '=2')).cases[0]?.truthVolume, 0);
  });

  it('tests the mean volume errors of several cases, the same each time, and says what for', async (test) => {
    const { predictions, truths } = await folders(test);
    const { tests, bootstrap } = await evaluated(predictions, truths);
    assert.deepEqual(Object.keys(tests ?? {}), ['volumeError', 'volumeErrorThresholded']);
    assert.deepEqual((await evaluated(predictions, truths)).tests, tests);
    // Errors of −36 and 0 mm³, so the means of samples are −0.036, −0.018 and 0 ml, with 1/4, 1/2 and 1/4 of them.
    const { mean, cases, conditional, significant } = tests?.volumeError ?? assert.fail('no test');
    assert.deepEqual([cases, significant], [2, false]);
    assert.ok(Math.abs(Number(mean) + 0.036) < 1e-9 || Math.abs(Number(mean) + 0.018) < 1e-9);
    assert.equal((conditional.interval as number[])[1], 0);
    assert.deepEqual(bootstrap, { resamples: 10_000, confidence: 0.95, seed: 1 });
    const { output } = await evaluate(predictions, truths);
    assert.match(output, /^Mean ΔV: −0\.0\d+ ml, 95 % interval .*, p = 0\.\d+, 2 cases\.$/m);
    assert.match(
      output,
      /^The tests are conditional on this network: .* newly trained networks would be biased, they cannot tell\.$/m,
    );
    const page = join(dirname(truths), 'metrics.html');
    assertEnded(await evaluate(predictions, truths, '--output', page), 0);
    assert.match(await readFile(page, 'utf8'), /<p>Mean ΔV of the masks \(hard\): .*seed 1/s);
    const one = await evaluate(join(predictions, 'a.nii.gz'), join(truths, 'a.nii'));
    assert.doesNotMatch(one.output, /interval|conditional/);
  });

  it('measures pictures in pixels', async (test) => {
    const folder = await temporaryFolder(test);
    const picture = async (name: string, from: number): Promise<string> => {
      const pixels = Buffer.from(Array.from({ length: 100 }, (_, i) => (i % 10 >= from ? 255 : 0)));
      await sharp(pixels, { raw: { width: 10, height: 10, channels: 1 } })
        .png()
        .toFile(join(folder, name));
      return join(folder, name);
    };
    const { cases } = await evaluated(await picture('predicted.png', 7), await picture('true.png', 5));
    assert.equal(cases[0]?.unit, 'hundredPixels');
    assert.ok(Math.abs(Number(cases[0].volumeError) - -0.2) < 1e-12);
    // The left sides are two columns apart, along most of the contours' length that differs.
    assert.equal(cases[0].hausdorff95Mm, 2);
  });

  it('measures no surfaces on sheared axes, and says so', async (test) => {
    const folder = await temporaryFolder(test);
    const affine: Affine = [
      [1, 0.5, 0, 0],
      [0, Math.sqrt(3.75), 0, 0],
      [0, 0, 3, 0],
    ];
    const sheared: Grid = gridOf(grid.shape, grid.spacingMm, affine);
    const path = await write(join(folder, 'mask.nii'), { grid: sheared, values: truth.values });
    const result = await evaluate(path, path, '--json');
    const [scores] = (JSON.parse(result.output) as Evaluation).cases;
    assert.deepEqual([scores?.hausdorff95Mm, scores?.dice], [null, 1]);
    assert.match(result.errors, /mask\.nii: surface distances are not measured on sheared axes/);
  });

  it('writes a page without scripts, the same each time, in which names are text', async (test) => {
    const { predictions, truths } = await folders(test);
    await write(join(predictions, '<b>c&.nii'), prediction);
    await write(join(truths, '<b>c&.nii'), truth);
    const page = join(dirname(truths), 'metrics.html');
    assertEnded(await evaluate(predictions, truths, '--output', page), 0);
    const html = await readFile(page, 'utf8');
    assertEnded(await evaluate(predictions, truths, '--output', page), 0);
    assert.equal(await readFile(page, 'utf8'), html);
    assert.match(html, /<th class="text wrap" scope="row">&lt;b&gt;c&amp;<\/th>/);
    assert.match(html, /<title>&lt;b&gt;c&amp;, ΔV −0\.036 ml<\/title>/);
    assert.doesNotMatch(html, /<script|<b>|https?:\/\/(?!www\.w3\.org)/);
  });
});
