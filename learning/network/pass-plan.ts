import {
  nodeInputs,
  type ConvolutionNode,
  type MergingNode,
  type Network,
  type NetworkNode,
} from '../../domain/training/networks/network.js';

/**
 * A 3-wide convolution of [skip, up-sampled], computed without concatenating the two (layers/merged-convolution.ts).
 * `partly` is the up-sampling node, which then up-samples along all axes except the last.
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

/** A merging node that its convolution has absorbed: nothing to compute. */
export interface AbsentNode {
  readonly kind: 'absent';
}

export type PassNode = NetworkNode | MergedConvolutionNode | PartialUpsamplingNode | AbsentNode;

/**
 * The computation of a network: its nodes under their original indices, with each U-Net merging absorbed into the
 * convolution after it.
 */
export interface PassPlan {
  readonly nodes: readonly PassNode[];
  /**
   * How often each node's value is read; it is disposed after the last read. `sparing` is training that computes the
   * values of `recomputed` again for the backward pass, in which they are read `again` times.
   */
  readonly readsWhen: Readonly<Record<'predicting' | 'training' | 'sparing' | 'again', readonly number[]>>;
  /**
   * Values that take a lot of memory and little time: the first convolutions, which have few channels to read, and what
   * is up-sampled for a merged convolution.
   */
  readonly recomputed: ReadonlySet<number>;
  /** Whether each node depends on a parameter and so needs a gradient. */
  readonly wanted: readonly boolean[];
  /**
   * For each node with a leaky ReLU, the reader whose part of its gradient comes last, which can take the whole back
   * through the leaky ReLU.
   */
  readonly completedBy: ReadonlyMap<number, number>;
  /** Index of each convolution's kernel in the parameter list, by node index; the bias follows it. */
  readonly kernelIndex: ReadonlyMap<number, number>;
}

export function passPlan(network: Network): PassPlan {
  const nodes = withMergedConvolutions(network.nodes);
  const convolutions = nodes.flatMap((node, index) => (hasParameters(node) ? [index] : []));
  const [predicting, training] = [countReads(nodes, false), countReads(nodes, true)];
  const again = training.map((reads, index) =>
    isRecomputed(nodes[index] as PassNode) ? reads - (predicting[index] as number) : 0,
  );
  const recomputed = new Set(again.flatMap((reads, index) => (reads > 0 ? [index] : [])));
  const sparing = training.map((reads, index) => reads - (again[index] as number));
  for (const index of recomputed)
    for (const input of passInputs(nodes[index] as PassNode)) sparing[input] = (sparing[input] as number) + 1;
  return {
    nodes,
    readsWhen: { predicting, training, sparing, again },
    recomputed,
    wanted: nodesWithGradient(nodes),
    completedBy: completions(nodes),
    kernelIndex: new Map(convolutions.map((node, index) => [node, 2 * index])),
  };
}

/** Indices of the nodes that a node reads, in order. */
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

const isRecomputed = (node: PassNode): boolean =>
  node.kind === 'partialUpsampling' || (node.kind === 'convolution' && node.kernelSize === 3 && node.input === 0);

const hasParameters = (node: PassNode): node is ConvolutionNode | MergedConvolutionNode =>
  node.kind === 'convolution' || node.kind === 'mergedConvolution';

/**
 * A value lives until the last node has read it: in the forward pass, its consumers; in the backward pass, the kernel's
 * gradient (reads the convolution's inputs) and the leaky ReLU's (reads its output).
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
  // The caller owns the input, and the logits are returned: an extra read that never happens keeps both alive.
  count(0);
  count(nodes.length - 1);
  return reads;
}

function nodesWithGradient(nodes: readonly PassNode[]): readonly boolean[] {
  const wanted: boolean[] = [];
  for (const node of nodes) wanted.push(hasParameters(node) || passInputs(node).some((index) => wanted[index]));
  return wanted;
}

/** Gradients come in the reverse order of the nodes, so that the first reader's part comes last. */
function completions(nodes: readonly PassNode[]): ReadonlyMap<number, number> {
  const firstReaders = new Map<number, number>();
  nodes.forEach((node, reader) => {
    for (const index of passInputs(node)) if (!firstReaders.has(index)) firstReaders.set(index, reader);
  });
  const isActivated = (node: PassNode | undefined): boolean =>
    node !== undefined && hasParameters(node) && node.activation === 'leakyRelu';
  return new Map([...firstReaders].filter(([index]) => isActivated(nodes[index])));
}
