import { DomainError } from '../../domain/domain-error.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { parameterCount, parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import { decodeSafetensors, encodeSafetensors } from '../../domain/formats/safetensors.js';

const format = 'volbias-weights-1';

/** A trained network: its choice and its flat parameter vector (see domain/training/networks/parameter-layout.ts). */
export interface TrainedNetwork {
  readonly network: NetworkChoice;
  readonly weights: Float32Array;
}

/**
 * Encodes the weights artifact: a safetensors file with one array per parameter.
 *
 * Names are `<stage>.convolution<n>.kernel` and `.bias` with stages encoder1 …, bottom, decoder1 …, and
 * `logits.kernel`, `logits.bias`. Kernels have axes [z, y, x, input channel, filter] ([y, x, …] in 2D); PyTorch's have
 * [filter, input channel, z, y, x]. The metadata identify the network. User documentation: docs/exported-networks.md.
 */
export function encodeWeights({ network, weights }: TrainedNetwork): Uint8Array {
  const arrays = parameterLayout(describeNetwork(network)).map(({ name, shape, offset, size }) => ({
    name,
    shape,
    values: weights.subarray(offset, offset + size),
  }));
  const metadata = {
    format,
    model: network.model,
    dimensions: String(network.dimensions),
    channels: String(network.channels),
    upsampling: network.upsampling,
    kernelAxes: network.dimensions === 3 ? 'z y x input filter' : 'y x input filter',
  };
  return encodeSafetensors({ arrays, metadata });
}

function oneOf<T extends string>(choices: readonly T[], value: string | undefined, what: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined)
    throw new DomainError('FILE_FORMAT_INVALID', `a weights file has the unknown ${what} "${String(value)}"`);
  return found;
}

/** Decodes a weights artifact; throws FILE_FORMAT_INVALID if it is not one or its arrays do not match the network. */
export function decodeWeights(bytes: Uint8Array): TrainedNetwork {
  const { arrays, metadata } = decodeSafetensors(bytes);
  oneOf([format], metadata['format'], 'format');
  const network: NetworkChoice = {
    model: oneOf(['lr', 'convnet', 'unet'], metadata['model'], 'model'),
    dimensions: oneOf(['2', '3'], metadata['dimensions'], 'dimensions') === '2' ? 2 : 3,
    channels: Number(metadata['channels']),
    upsampling: oneOf(['same', 'valid'], metadata['upsampling'], 'upsampling'),
  };
  const description = describeNetwork(network);
  const weights = new Float32Array(parameterCount(description));
  const byName = new Map(arrays.map((array) => [array.name, array]));
  for (const { name, shape, offset } of parameterLayout(description)) {
    const array = byName.get(name);
    if (array?.shape.join() !== shape.join()) {
      throw new DomainError('FILE_FORMAT_INVALID', `a weights file has no array "${name}" of shape [${shape.join()}]`);
    }
    weights.set(array.values, offset);
  }
  return { network, weights };
}
