import { DomainError } from '../../domain-error.js';
import type { Triple } from '../../image/grid.js';
import { describeNetwork } from './describe-network.js';
import { levelFactor, type Network, type NetworkChoice, type NetworkNode } from './network.js';

/** Sizes next to `size`, below and above, that the network takes. */
function fittingSizes(network: Network, size: number): readonly number[] {
  const { sizeMultiple, minimumSize } = network;
  const smallest = Math.ceil(minimumSize / sizeMultiple) * sizeMultiple;
  const below = Math.floor(size / sizeMultiple) * sizeMultiple;
  if (below < smallest) return [smallest];
  return below === size ? [size] : [below, below + sizeMultiple];
}

function refuseUnlessFitting(network: Network, shape: Triple): void {
  const axes = network.dimensions === 2 ? shape.slice(0, 2) : shape;
  const fits = (size: number): boolean => fittingSizes(network, size).includes(size);
  if (network.dimensions === 2 && shape[2] !== 1) {
    throw new DomainError('CONFIG_INVALID', `a 2D network takes single-slice images, but got ${shape.join('×')}`, {
      shape,
    });
  }
  if (axes.every(fits)) return;
  const advice = axes.map((size) => (fits(size) ? String(size) : fittingSizes(network, size).join(' or ')));
  throw new DomainError(
    'CONFIG_INVALID',
    `a crop of ${axes.join('×')} does not fit the ${network.model}: with ${network.upsampling} up-sampling each size ` +
      `must be a multiple of ${String(network.sizeMultiple)} and at least ${String(network.minimumSize)}; ` +
      `the nearest valid sizes are ${advice.join(' × ')}`,
    { shape, fittingSizes: axes.map((size) => fittingSizes(network, size)) },
  );
}

/**
 * The spatial size [x, y, z] of every node's value for an input of `inputShape`; in 2D the third size stays 1. Throws
 * CONFIG_INVALID, naming the nearest valid sizes, if the network cannot take the input.
 */
export function nodeShapes(network: Network, inputShape: Triple): readonly Triple[] {
  refuseUnlessFitting(network, inputShape);
  const along = (shape: Triple, change: (size: number) => number): Triple => [
    change(shape[0]),
    change(shape[1]),
    network.dimensions === 2 ? 1 : change(shape[2]),
  ];
  const lost = network.upsampling === 'valid' ? levelFactor - 1 : 0;
  const shapes: Triple[] = [];
  const shapeOf = (node: NetworkNode): Triple => {
    const read = (index: number): Triple => shapes[index] as Triple;
    switch (node.kind) {
      case 'input':
        return inputShape;
      case 'convolution':
        return read(node.input);
      case 'pooling':
        return along(read(node.input), (size) => size / levelFactor);
      case 'upsampling':
        return along(read(node.input), (size) => levelFactor * size - lost);
      case 'cropping':
        return along(read(node.input), (size) => size - 2 * node.margin);
      case 'merging':
        return read(node.upsampled);
    }
  };
  for (const node of network.nodes) shapes.push(shapeOf(node));
  return shapes;
}

/**
 * The region that a network predicts, centred in its input: U-Net `same` n → n, `valid` n → n − 26; the same for every
 * model.
 */
export function outputShape(choice: NetworkChoice, inputShape: Triple): Triple {
  return nodeShapes(describeNetwork(choice), inputShape).at(-1) as Triple;
}
