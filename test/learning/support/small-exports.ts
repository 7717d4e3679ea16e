/**
 * Small exported networks with an input each, for others to load: both arms of a comparison of what PyTorch makes of
 * exported files with what is predicted here. Run by itself, `node small-exports.js <folder>`, it writes them as
 * test/fixtures/learning/exported_networks.py wants them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { voxelCount, type Triple } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { parameterLayout } from '../../../domain/training/networks/parameter-layout.js';
import type { PredictionCase } from '../../../learning/training/training-case.js';
import { encodeWeights } from '../../../learning/network/weights-file.js';
import { congruential } from './small-problems.js';

export interface SmallExport {
  readonly name: string;
  readonly network: NetworkChoice;
  readonly weights: Float32Array;
  readonly file: Uint8Array;
  readonly input: PredictionCase;
}

/** Every network in 2D and 3D with both up-samplings; among them there are 1 to 8 channels. */
export const smallExports: readonly SmallExport[] = (['lr', 'convnet', 'unet'] as const).flatMap((model, row) =>
  ([2, 3] as const).flatMap((dimensions, column) =>
    (['same', 'valid'] as const).map((upsampling, layer) => {
      const channels = ((4 * row + 2 * column + layer) % 8) + 1;
      const network: NetworkChoice = { model, dimensions, channels, upsampling };
      const weights = weightsOf(network);
      const name = `${model}-${String(dimensions)}d-${upsampling}-${String(channels)}`;
      return { name, network, weights, file: encodeWeights({ network, weights }), input: inputOf(network) };
    }),
  ),
);

/** Uniform kernels of He's deviation, small biases; the same numbers on every machine. */
function weightsOf(network: NetworkChoice): Float32Array {
  const layout = parameterLayout(describeNetwork(network));
  const weights = new Float32Array(layout.reduce((sum, { size }) => sum + size, 0));
  layout.forEach(({ shape, size, offset }, index) => {
    const scale = shape.length === 1 ? 0.1 : Math.sqrt(6 / (size / (shape.at(-1) as number)));
    weights.set(
      congruential(index + 1, size).map((value) => value * scale),
      offset,
    );
  });
  return weights;
}

function inputOf({ dimensions, channels }: NetworkChoice): PredictionCase {
  const shape: Triple = dimensions === 2 ? [54, 81, 1] : [27, 54, 27];
  const images = Array.from({ length: channels }, (_, channel) =>
    Float32Array.from(congruential(100 + channel, voxelCount(shape)).map((value) => 1.7 * value)),
  );
  return { shape, images };
}

/** Each network as NAME.safetensors and its input as NAME.input, float32 [channel, z, y, x]. */
export function writeSmallExports(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, file, input } of smallExports) {
    writeFileSync(join(folder, `${name}.safetensors`), file);
    const { images } = input;
    const values = Buffer.concat(images.map(({ buffer }) => new Uint8Array(buffer)));
    writeFileSync(join(folder, `${name}.input`), values);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify([images.length, ...[...input.shape].reverse()]));
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) writeSmallExports(argv[2] ?? 'exports');
