import type { NetworkNode } from './network.js';

/** Collects nodes in order; each method returns the index of the node that it added. */
export interface NetworkBuilder {
  readonly nodes: readonly NetworkNode[];
  add(node: NetworkNode): number;
  /** Consecutive 3-wide convolutions with leaky ReLU, named `<name>.convolution1`, `2`, … */
  convolutions(input: number, name: string, filters: readonly number[]): number;
  /** The final 1-wide convolution to one channel of logits. */
  logits(input: number): number;
}

export function networkBuilder(): NetworkBuilder {
  const nodes: NetworkNode[] = [{ kind: 'input' }];
  const add = (node: NetworkNode): number => nodes.push(node) - 1;
  return {
    nodes,
    add,
    convolutions: (input, name, filters) =>
      filters.reduce(
        (previous, count, index) =>
          add({
            kind: 'convolution',
            input: previous,
            name: `${name}.convolution${String(index + 1)}`,
            filters: count,
            kernelSize: 3,
            activation: 'leakyRelu',
          }),
        input,
      ),
    logits: (input) =>
      add({ kind: 'convolution', input, name: 'logits', filters: 1, kernelSize: 1, activation: 'none' }),
  };
}
