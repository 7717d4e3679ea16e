import {
  nodeInputs,
  type ConvolutionNode,
  type Network,
  type NetworkNode,
} from '../domain/training/networks/network.js';
import * as kernels from './kernels.js';
import { activationBackward, convolutionBackward, convolutionForward } from './layers/convolution.js';
import { croppingBackward, croppingForward } from './layers/cropping.js';
import { mergingBackward, mergingForward } from './layers/merging.js';
import { upsamplingBackward, upsamplingForward } from './layers/upsampling.js';
import { liveValues, summedGradients, type LiveValues, type SummedGradients } from './pass-values.js';
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

/** What one backward pass works on. */
interface Backward {
  readonly parameters: readonly Tensor[];
  readonly values: LiveValues;
  readonly gradients: SummedGradients;
  readonly parameterGradients: Tensor[];
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

  /** Adds the gradients of a convolution's input and parameters; disposes its output's gradient. */
  function convolutionGradients(node: ConvolutionNode, index: number, gradient: Tensor, backward: Backward): void {
    const { parameters, values, gradients, parameterGradients } = backward;
    const first = kernelIndex.get(node) as number;
    let inner = gradient;
    if (node.activation === 'leakyRelu') {
      inner = activationBackward(values.get(index), gradient);
      values.release(index);
    }
    const wantsInput = wanted[node.input] === true;
    const result = convolutionBackward(values.get(node.input), parameters[first] as Tensor, inner, wantsInput);
    dispose(inner);
    values.release(node.input);
    parameterGradients[first] = result.kernel;
    parameterGradients[first + 1] = result.bias;
    if (result.input !== undefined) gradients.add(node.input, result.input);
  }

  function nodeGradients(node: NetworkNode, index: number, gradient: Tensor, backward: Backward): void {
    const { values, gradients } = backward;
    switch (node.kind) {
      case 'input':
        throw new RangeError('nothing depends on a gradient of the input');
      case 'convolution':
        convolutionGradients(node, index, gradient, backward);
        return;
      case 'pooling':
        gradients.add(node.input, kernels.averagePoolGradient(values.shape(node.input), gradient));
        dispose(gradient);
        return;
      case 'upsampling':
        gradients.add(node.input, upsamplingBackward(values.shape(node.input), gradient, upsampling));
        return;
      case 'cropping':
        gradients.add(node.input, croppingBackward(gradient, node.margin));
        return;
      case 'merging': {
        const parts = mergingBackward(values.shape(node.skip), gradient);
        gradients.add(node.skip, parts.skip);
        gradients.add(node.upsampled, parts.upsampled);
      }
    }
  }

  function runBackward(parameters: readonly Tensor[], values: LiveValues, logitsGradient: Tensor): readonly Tensor[] {
    const parameterGradients: Tensor[] = [];
    const gradients = summedGradients();
    gradients.add(nodes.length - 1, logitsGradient);
    for (let index = nodes.length - 1; index > 0; index--) {
      if (!wanted[index]) continue;
      const backward = { parameters, values, gradients, parameterGradients };
      nodeGradients(nodes[index] as NetworkNode, index, gradients.take(index), backward);
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
          const result = runBackward(parameters, values, logitsGradient);
          dispose(logits);
          return result;
        },
      };
    },
  };
}
