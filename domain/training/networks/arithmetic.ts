import { voxelCount, type Triple } from '../../image/grid.js';
import type { Network } from './network.js';
import { nodeShapes } from './node-shapes.js';
import { nodeChannels } from './parameter-layout.js';

/**
 * Floating-point operations of the convolutions for one image, a multiplication with its addition counted as two:
 * 2 Σ voxels · k^d · channels in · filters. Everything else is small beside them. CONFIG_INVALID if the network cannot take
 * an image of this shape.
 */
export function operationsPerImage(network: Network, inputShape: Triple): number {
  const shapes = nodeShapes(network, inputShape);
  const channels = nodeChannels(network);
  let products = 0;
  for (const [index, node] of network.nodes.entries()) {
    if (node.kind !== 'convolution') continue;
    const window = node.kernelSize ** network.dimensions;
    // Both arrays have an entry for each node.
    products += voxelCount(shapes[index] as Triple) * window * (channels[node.input] as number) * node.filters;
  }
  return 2 * products;
}
