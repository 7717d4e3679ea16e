import { nodeInputs, type Network, type NetworkNode } from './network.js';

/**
 * One array of the flat parameter vector: `size` numbers starting at `offset`, last axis fastest.
 *
 * Kernels have axes [z, y, x, input channel, filter] ([y, x, …] in 2D) and are applied as correlation (no flip);
 * biases have [filter].
 */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** Number of channels of every node's value. */
export function nodeChannels(network: Network): readonly number[] {
  const channels: number[] = [];
  const channelsOf = (node: NetworkNode): number => {
    if (node.kind === 'input') return network.channels;
    if (node.kind === 'convolution') return node.filters;
    return nodeInputs(node).reduce((sum, index) => sum + (channels[index] as number), 0);
  };
  for (const node of network.nodes) channels.push(channelsOf(node));
  return channels;
}

/** All parameters in node order: each convolution's kernel, then its bias. */
export function parameterLayout(network: Network): readonly Parameter[] {
  const channels = nodeChannels(network);
  const parameters: Parameter[] = [];
  let offset = 0;
  const add = (name: string, shape: readonly number[]): void => {
    const size = shape.reduce((product, length) => product * length, 1);
    parameters.push({ name, shape, offset, size });
    offset += size;
  };
  for (const node of network.nodes) {
    if (node.kind !== 'convolution') continue;
    const window = new Array<number>(network.dimensions).fill(node.kernelSize);
    add(`${node.name}.kernel`, [...window, channels[node.input] as number, node.filters]);
    add(`${node.name}.bias`, [node.filters]);
  }
  return parameters;
}

export function parameterCount(network: Network): number {
  return parameterLayout(network).reduce((sum, parameter) => sum + parameter.size, 0);
}
