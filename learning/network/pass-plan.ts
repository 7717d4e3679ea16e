import {
  nodeInputs,
  type ConvolutionNode,
  type MergingNode,
  type Network,
  type NetworkNode,
} from '../../domain/training/networks/network.js';

/**
 * A 3-wide convolution of [skip, up-sampled], computed without joining the two (layers/merged-convolution.ts). `partly`
 * is the up-sampling's node, whose value is then up-sampled along all axes but the last.
 */
export interface MergedConvolutionNode extends Pick<ConvolutionNode, 'name' | 'filters' | 'activation'> {
  readonly kind: 'mergedConvolution';
  readonly skip: number;
  readonly partly: number;
}

export interface PartialUpsamplingNode {
  readonly kind: 'partialUpsampling';
  readonly input: number;
}

/** Nothing is computed for a merging that its convolution has taken in. */
export interface AbsentNode {
  readonly kind: 'absent';
}

export type PassNode = NetworkNode | MergedConvolutionNode | PartialUpsamplingNode | AbsentNode;

/** What is computed for a network: its nodes under their numbers, each of its U-Net's mergings taken into the convolution after it. */
export interface PassPlan {
  readonly nodes: readonly PassNode[];
  /** How often each node's value is read when predicting and when training; it can go after the last time. */
  readonly readsWhen: { readonly predicting: readonly number[]; readonly training: readonly number[] };
  /** Which nodes depend on a parameter, so that a gradient has to reach them. */
  readonly wanted: readonly boolean[];
  /** Index of each convolution's kernel in the parameter list, by node number; the bias follows it. */
  readonly kernelIndex: ReadonlyMap<number, number>;
}

export function passPlan(network: Network): PassPlan {
  const nodes = withMergedConvolutions(network.nodes);
  const convolutions = nodes.flatMap((node, index) => (hasParameters(node) ? [index] : []));
  return {
    nodes,
    readsWhen: { predicting: countReads(nodes, false), training: countReads(nodes, true) },
    wanted: nodesWithGradient(nodes),
    kernelIndex: new Map(convolutions.map((node, index) => [node, 2 * index])),
  };
}

/** The nodes that a node reads, in order. */
export function passInputs(node: PassNode): readonly number[] {
  switch (node.kind) {
    case 'absent':
      return [];
    case 'mergedConvolution':
      return [node.skip, node.partly];
    case 'partialUpsampling':
      return [node.input];
    default:
      return nodeInputs(node);
  }
}

function withMergedConvolutions(nodes: readonly NetworkNode[]): readonly PassNode[] {
  const readers = (index: number): number => nodes.filter((node) => nodeInputs(node).includes(index)).length;
  const plan: PassNode[] = [...nodes];
  nodes.forEach((node, index) => {
    if (node.kind !== 'convolution' || node.kernelSize !== 3) return;
    const merging = nodes[node.input] as NetworkNode;
    if (merging.kind !== 'merging' || readers(node.input) > 1) return;
    const upsampling = nodes[merging.upsampled] as NetworkNode;
    if (upsampling.kind !== 'upsampling' || readers(merging.upsampled) > 1) return;
    plan[merging.upsampled] = { kind: 'partialUpsampling', input: upsampling.input };
    plan[node.input] = { kind: 'absent' };
    plan[index] = mergedConvolution(node, merging);
  });
  return plan;
}

function mergedConvolution(
  { name, filters, activation }: ConvolutionNode,
  { skip, upsampled }: MergingNode,
): MergedConvolutionNode {
  return { kind: 'mergedConvolution', name, filters, activation, skip, partly: upsampled };
}

const hasParameters = (node: PassNode): node is ConvolutionNode | MergedConvolutionNode =>
  node.kind === 'convolution' || node.kind === 'mergedConvolution';

/**
 * A value lives until the last pass over a node that reads it: forward, the nodes fed by it; backward, the kernel's
 * gradient (the convolution's inputs) and the leaky ReLU's (its output).
 */
function countReads(nodes: readonly PassNode[], training: boolean): readonly number[] {
  const reads = nodes.map(() => 0);
  const count = (index: number): void => {
    reads[index] = (reads[index] as number) + 1;
  };
  nodes.forEach((node, index) => {
    passInputs(node).forEach(count);
    if (!training || !hasParameters(node)) return;
    passInputs(node).forEach(count);
    if (node.activation === 'leakyRelu') count(index);
  });
  // The input belongs to the caller and the logits to whoever asked for them: one read that is never taken.
  count(0);
  count(nodes.length - 1);
  return reads;
}

function nodesWithGradient(nodes: readonly PassNode[]): readonly boolean[] {
  const wanted: boolean[] = [];
  for (const node of nodes) wanted.push(hasParameters(node) || passInputs(node).some((index) => wanted[index]));
  return wanted;
}
