import { nodeInputs, type Network, type NetworkNode } from '../domain/training/networks/network.js';
import * as kernels from './kernels.js';
import { activationBackward, convolutionBackward, convolutionForward } from './layers/convolution.js';
import { croppingBackward, croppingForward } from './layers/cropping.js';
import { mergingBackward, mergingForward } from './layers/merging.js';
import { upsamplingBackward, upsamplingForward } from './layers/upsampling.js';
import { dispose, type Tensor } from './tensorflow.js';

/** Runs a network forward and, for training, backward over what the forward pass kept. */
export interface NetworkPass {
  /** Logits [case, …, 1], for the caller to dispose; keeps nothing. */
  predict(parameters: readonly Tensor[], input: Tensor): Tensor;
  /** As `predict`, keeping what `backward` needs. */
  forward(parameters: readonly Tensor[], input: Tensor): ForwardPass;
}

export interface ForwardPass {
  /** Kept until `backward`. */
  readonly logits: Tensor;
  /** Gradients of the parameters in their order; disposes the gradient it is given and all that was kept. */
  backward(logitsGradient: Tensor): readonly Tensor[];
}

/**
 * A value lives until the last pass over a node that reads it: forward, the nodes fed by it; backward, the kernel's
 * gradient (the convolution's input) and the leaky ReLU's (its output). `reads` counts those of each node.
 */
function countReads(network: Network, training: boolean): readonly number[] {
  const reads = network.nodes.map(() => 0);
  const count = (index: number): void => {
    reads[index] = (reads[index] as number) + 1;
  };
  network.nodes.forEach((node, index) => {
    nodeInputs(node).forEach(count);
    if (!training || node.kind !== 'convolution') return;
    count(node.input);
    if (node.activation === 'leakyRelu') count(index);
  });
  // The input belongs to the caller and the logits to whoever asked for them: one read that is never taken.
  count(0);
  count(network.nodes.length - 1);
  return reads;
}

/** Which nodes depend on a parameter, so that a gradient has to reach them. */
function nodesWithGradient(network: Network): readonly boolean[] {
  const wanted: boolean[] = [];
  for (const node of network.nodes) {
    wanted.push(node.kind === 'convolution' || nodeInputs(node).some((index) => wanted[index]));
  }
  return wanted;
}

/** Index of each convolution's kernel in the parameter list, by node; the bias follows it. */
function kernelIndices(network: Network): ReadonlyMap<NetworkNode, number> {
  const convolutions = network.nodes.filter((node) => node.kind === 'convolution');
  return new Map(convolutions.map((node, index) => [node, 2 * index]));
}

export function networkPass(network: Network): NetworkPass {
  const readsWhen = { predicting: countReads(network, false), training: countReads(network, true) };
  const wanted = nodesWithGradient(network);
  const kernelIndex = kernelIndices(network);
  const { nodes, upsampling } = network;

  function forwardNode(node: NetworkNode, parameters: readonly Tensor[], read: (index: number) => Tensor): Tensor {
    switch (node.kind) {
      case 'input':
        throw new RangeError('only node 0 is an input');
      case 'convolution': {
        const index = kernelIndex.get(node) as number;
        const both = { kernel: parameters[index] as Tensor, bias: parameters[index + 1] as Tensor };
        return convolutionForward(read(node.input), both, node.activation);
      }
      case 'pooling':
        return kernels.averagePool(read(node.input));
      case 'upsampling':
        return upsamplingForward(read(node.input), upsampling);
      case 'cropping':
        return croppingForward(read(node.input), node.margin);
      case 'merging':
        return mergingForward(read(node.skip), read(node.upsampled));
    }
  }

  function run(parameters: readonly Tensor[], input: Tensor, readsOf: readonly number[]): LiveValues {
    const values = liveValues(readsOf);
    values.set(0, input);
    for (let index = 1; index < nodes.length; index++) {
      const node = nodes[index] as NetworkNode;
      values.set(index, forwardNode(node, parameters, values.get));
      nodeInputs(node).forEach(values.release);
    }
    return values;
  }

  function backward(parameters: readonly Tensor[], values: LiveValues, logitsGradient: Tensor): readonly Tensor[] {
    const parameterGradients: Tensor[] = [];
    const gradients = summedGradients();
    gradients.add(nodes.length - 1, logitsGradient);
    for (let index = nodes.length - 1; index > 0; index--) {
      const node = nodes[index] as NetworkNode;
      if (!wanted[index]) continue;
      const gradient = gradients.take(index);
      if (node.kind === 'convolution') {
        const first = kernelIndex.get(node) as number;
        let inner = gradient;
        if (node.activation === 'leakyRelu') {
          inner = activationBackward(values.get(index), gradient);
          values.release(index);
        }
        const kernel = parameters[first] as Tensor;
        const result = convolutionBackward(values.get(node.input), kernel, inner, wanted[node.input] === true);
        dispose(inner);
        values.release(node.input);
        parameterGradients[first] = result.kernel;
        parameterGradients[first + 1] = result.bias;
        if (result.input !== undefined) gradients.add(node.input, result.input);
      } else if (node.kind === 'pooling') {
        gradients.add(node.input, kernels.averagePoolGradient(values.shape(node.input), gradient));
        dispose(gradient);
      } else if (node.kind === 'upsampling') {
        gradients.add(node.input, upsamplingBackward(values.shape(node.input), gradient, upsampling));
      } else if (node.kind === 'cropping') {
        gradients.add(node.input, croppingBackward(gradient, node.margin));
      } else if (node.kind === 'merging') {
        const parts = mergingBackward(values.shape(node.skip), gradient);
        gradients.add(node.skip, parts.skip);
        gradients.add(node.upsampled, parts.upsampled);
      }
    }
    return parameterGradients;
  }

  return {
    predict: (parameters, input) => run(parameters, input, readsWhen.predicting).get(nodes.length - 1),
    forward: (parameters, input) => {
      const values = run(parameters, input, readsWhen.training);
      const logits = values.get(nodes.length - 1);
      return {
        logits,
        backward: (logitsGradient) => {
          const result = backward(parameters, values, logitsGradient);
          dispose(logits);
          return result;
        },
      };
    },
  };
}

/** Node values that are disposed when their last read is released; shapes stay known. */
interface LiveValues {
  set(index: number, value: Tensor): void;
  get(this: void, index: number): Tensor;
  shape(index: number): readonly number[];
  release(this: void, index: number): void;
}

function liveValues(readsOf: readonly number[]): LiveValues {
  const values: Tensor[] = [];
  const reads = [...readsOf];
  const get = (index: number): Tensor => values[index] as Tensor;
  return {
    set: (index, value) => {
      values[index] = value;
    },
    get,
    shape: (index) => get(index).shape,
    release: (index) => {
      const left = (reads[index] as number) - 1;
      reads[index] = left;
      if (left === 0) dispose(get(index));
    },
  };
}

/** Gradients of node values; a value read by two nodes gets the sum. */
function summedGradients(): { add(index: number, gradient: Tensor): void; take(index: number): Tensor } {
  const gradients = new Map<number, Tensor>();
  return {
    add: (index, gradient) => {
      const present = gradients.get(index);
      if (present === undefined) {
        gradients.set(index, gradient);
        return;
      }
      gradients.set(index, kernels.combine('AddV2', present, gradient));
      dispose(present, gradient);
    },
    take: (index) => {
      const gradient = gradients.get(index) as Tensor;
      gradients.delete(index);
      return gradient;
    },
  };
}
