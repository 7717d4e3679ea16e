import type { Triple } from '../../domain/image/grid.js';
import { voxelCount } from '../../domain/image/grid.js';
import { nodeInputs, type Network } from '../../domain/training/networks/network.js';
import { nodeShapes } from '../../domain/training/networks/node-shapes.js';
import { nodeChannels } from '../../domain/training/networks/parameter-layout.js';

/**
 * Floating-point operations of the convolutions for one image as the network describes them: 2·k^d·in·out for each voxel,
 * once forward, once for the kernel's gradient and, where something before it has parameters, once for the input's. Both
 * sides are credited with these, however they compute.
 */
export function networkOperations(network: Network, inputShape: Triple): { forward: number; step: number } {
  const shapes = nodeShapes(network, inputShape);
  const channels = nodeChannels(network);
  const trained: boolean[] = [];
  let [forward, step] = [0, 0];
  network.nodes.forEach((node, index) => {
    const wanted = nodeInputs(node).some((input) => trained[input]);
    trained.push(wanted || node.kind === 'convolution');
    if (node.kind !== 'convolution') return;
    const taps = node.kernelSize ** network.dimensions;
    const once = 2 * taps * (channels[node.input] as number) * node.filters * voxelCount(shapes[index] as Triple);
    forward += once;
    step += once * (wanted ? 3 : 2);
  });
  return { forward, step };
}
