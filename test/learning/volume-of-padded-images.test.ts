import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import type { LabelMap, Triple } from '../../domain/image/grid.js';
import { pasteIntoGrid } from '../../domain/preprocess/crop.js';
import { normalisationBy } from '../../domain/preprocess/normalise.js';
import { preprocessCase } from '../../domain/preprocess/preprocess-case.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { chooseLoss } from '../../learning/losses/choose-loss.js';
import { predictor } from '../../learning/network/predict.js';
import { adamStart } from '../../learning/training/adam.js';
import { trainer } from '../../learning/training/trainer.js';
import { toNetworkCase } from '../../steps/training/case-loader.js';
import { voxelsOf, type PreparedVoxels } from '../../storage/cases/prepared-cases.js';
import { readOneImage } from '../../storage/images/image-files.js';
import { hippocampusFolder } from '../support/paths.js';
import type { TrainingCase } from '../../learning/training/training-case.js';
import { tinyTraining } from './support/small-problems.js';

const cropShape: Triple = [27, 27, 27];
const network: NetworkChoice = { model: 'lr', dimensions: 3, channels: 1, upsampling: 'same' };

interface RealCase {
  readonly voxels: PreparedVoxels;
  readonly one: TrainingCase;
}

async function realCase(name: string): Promise<RealCase> {
  const image = await readOneImage(join(hippocampusFolder, 'imagesTr', name));
  const { grid, values } = await readOneImage(join(hippocampusFolder, 'labelsTr', name));
  const map: LabelMap = { grid, values: Uint8Array.from(values, (value) => (value > 0 ? 1 : 0)) };
  const prepared = preprocessCase({
    images: [{ modality: 'MRI', source: name, image }],
    label: { source: name, map },
    settings: {
      dimensions: 3,
      spacingMm: 2,
      resampling: 'centred',
      mask: 'none',
      crop: cropShape,
      margin: 0,
      labelResampling: 'linear',
    },
  });
  const voxels = voxelsOf(prepared);
  return { voxels, one: toNetworkCase(voxels, { normalisation: prepared.moments.map(normalisationBy), cropShape }) };
}

/** Full-batch training of two parameters, with a convex loss, to its minimum. */
function fittedByCrossEntropy(cases: readonly TrainingCase[]): Float32Array {
  const model = trainer({
    ...{ network, inputShape: cropShape, loss: chooseLoss('ce', tinyTraining), adam: tinyTraining.adam },
    start: adamStart(Float32Array.of(0, -2)),
  });
  for (const rate of [0.1, 0.01, 0.001]) for (let step = 0; step < 100; step++) model.step(cases, rate);
  const weights = model.weights();
  model.dispose();
  return weights;
}

/** Mean over the cases of Σŷ − Σy inside the images, as a share of the mean Σy. */
function relativeBias(weights: Float32Array, cases: readonly RealCase[]): number {
  const ready = predictor({ network, weights });
  let [predicted, truth] = [0, 0];
  for (const { voxels, one } of cases) {
    const prediction = pasteIntoGrid(ready.predict(one), { cropShape, gridShape: voxels.grid.shape });
    predicted += prediction.reduce((sum, value) => sum + value, 0);
    for (const value of voxels.label) truth += value;
  }
  ready.dispose();
  return predicted / truth - 1;
}

test('of ten real images in padded crops, a logistic regression gets the mean volume right, and not if padding counts', async () => {
  const names = readdirSync(join(hippocampusFolder, 'imagesTr')).filter((name) => name.endsWith('.nii.gz'));
  const cases = await Promise.all(names.map(realCase));
  assert.equal(cases.length, 10);
  // At the minimum of cross-entropy, its derivative in the bias is Σ(ŷ − y) = 0 over all counted voxels.
  const bias = relativeBias(fittedByCrossEntropy(cases.map(({ one }) => one)), cases);
  assert.ok(Math.abs(bias) < 1e-3, String(bias));
  const counting = cases.map(({ one: { shape, images, label } }) => ({ shape, images, label }));
  const biasOfPadding = relativeBias(fittedByCrossEntropy(counting), cases);
  assert.ok(biasOfPadding < -0.4, String(biasOfPadding));
});
