import assert from 'node:assert/strict';
import test from 'node:test';

import type { Triple } from '../../../domain/image/grid.js';
import { voxelCount } from '../../../domain/image/grid.js';
import { pasteIntoGrid } from '../../../domain/preprocess/crop.js';
import { outputShape } from '../../../domain/training/networks/node-shapes.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { truthTensors } from '../../../learning/training/batch.js';
import { dispose, readFloats } from '../../../learning/tensorflow/tensorflow.js';
import { toNetworkCase } from '../../../steps/training/case-loader.js';
import { predict } from '../../learning/support/predict.js';

const network = (upsampling: 'same' | 'valid'): NetworkChoice => ({
  ...{ model: 'lr', dimensions: 3, channels: 1, upsampling },
});
const affine = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
] as const;

const places: readonly { readonly name: string; readonly shape: Triple; readonly masked: boolean }[] = [
  { name: 'smaller than the crop', shape: [20, 9, 13], masked: false },
  { name: 'larger than the crop', shape: [40, 35, 33], masked: false },
  { name: 'smaller along one axis and masked', shape: [40, 8, 33], masked: true },
];

for (const { name, shape, masked } of places) {
  for (const upsampling of ['same', 'valid'] as const) {
    test(`in an image ${name}, upsampling ${upsampling}: the loss counts the voxels that the evaluation measures`, () => {
      const size = voxelCount(shape);
      const inside = Uint8Array.from({ length: size }, (_, index) => (index % 3 === 0 ? 0 : 1));
      // The intensity is the voxel's index, so that loss and evaluation can be compared voxel by voxel.
      const values = Float32Array.from({ length: size }, (_, index) => index / size);
      const label = Uint8Array.from({ length: size }, (_, index) => (index % 7 === 0 ? 1 : 0));
      const voxels = {
        grid: { shape, spacingMm: [1, 1, 1] as const, affine },
        images: [values],
        label,
        ...(masked && { mask: inside }),
      };
      const cropShape: Triple = [33, 29, 31];
      const one = toNetworkCase(voxels, { normalisation: [{ mean: 0, deviation: 1 }], cropShape });

      // ŷ = σ(x) > 0 wherever the network predicts.
      const prediction = predict({ network: network(upsampling), weights: Float32Array.of(1, 0) }, one);
      const measured = pasteIntoGrid(prediction, { cropShape, gridShape: shape });
      const counted: number[] = [];
      const truths: number[] = [];
      const geometry = {
        ...{ network: network(upsampling), inputShape: cropShape },
        outputShape: outputShape(network(upsampling), cropShape),
      };
      const maps = truthTensors([one], geometry);
      const mask = maps.mask === undefined ? new Float32Array(prediction.values.length).fill(1) : readFloats(maps.mask);
      const truth = readFloats(maps.truth);
      dispose(maps.truth, maps.mask);
      mask.forEach((counts, index) => {
        if (counts === 0) return;
        counted.push(prediction.values[index] as number);
        truths.push(truth[index] as number);
      });

      const expected = [...measured.keys()].filter((index) => measured[index] !== 0);
      assert.ok(expected.length > 0);
      assert.deepEqual(
        counted,
        expected.map((index) => measured[index]),
      );
      assert.deepEqual(
        truths,
        expected.map((index) => label[index]),
      );
    });
  }
}
