import type { ConvolutionNode, Network, PoolingNode } from '../../domain/training/networks/network.js';
import * as kernels from '../tensorflow/kernels.js';
import {
  activationBackward,
  convolutionBackward,
  convolutionForward,
  type ConvolutionParameters,
  type WantedInputGradient,
} from '../layers/convolution.js';
import { croppingBackward, croppingForward } from '../layers/cropping.js';
import { mergedConvolutionBackward, mergedConvolutionForward } from '../layers/merged-convolution.js';
import { mergingBackward, mergingForward } from '../layers/merging.js';
import { poolingBackward } from '../layers/pooling.js';
import {
  partialUpsamplingBackward,
  partialUpsamplingForward,
  upsamplingBackward,
  upsamplingForward,
} from '../layers/upsampling.js';
import { passInputs, passPlan, type MergedConvolutionNode, type PassNode } from './pass-plan.js';
import { liveValues, summedGradients, type LiveValues, type SummedGradients } from './pass-values.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';
import { entryCount } from '../tensorflow/tensors.js';

/** Beyond this many numbers of input, memory is worth the time to compute some values again: 3 % of a step. */
const largestKept = 2 ** 22;

/** Runs a network forward and, for training, backward over the values kept from the forward pass. */
export interface NetworkPass {
  /** Returns logits [case, …, 1], which the caller disposes; keeps no other values. */
  predict(parameters: readonly Tensor[], input: Tensor): Tensor;
  /** Like `predict`, but keeps what `backward` needs. */
  forward(parameters: readonly Tensor[], input: Tensor): ForwardPass;
}

export interface ForwardPass {
  /** Kept until `backward`. */
  readonly logits: Tensor;
  /** Returns the parameters' gradients in order; disposes the given gradient and all kept values. */
  backward(logitsGradient: Tensor): readonly Tensor[];
}

/** State of one backward pass. */
interface Backward {
  readonly parameters: readonly Tensor[];
  readonly values: LiveValues;
  readonly gradients: SummedGradients;
  /** Nodes whose gradients are already those before their activation. */
  readonly beforeActivation: Set<number>;
  readonly parameterGradients: Tensor[];
}

/** `kept`: up to this many numbers of input, the forward pass keeps all values; every number gives the same bytes. */
export function networkPass(network: Network, kept = largestKept): NetworkPass {
  const { nodes, readsWhen, recomputed, wanted, completedBy, kernelIndex } = passPlan(network);
  const { upsampling } = network;

  function parametersOf(index: number, parameters: readonly Tensor[]): ConvolutionParameters {
    const first = kernelIndex.get(index) as number;
    return { kernel: parameters[first] as Tensor, bias: parameters[first + 1] as Tensor };
  }

  function forwardNode(index: number, parameters: readonly Tensor[], read: (index: number) => Tensor): Tensor {
    const node = nodes[index] as PassNode;
    switch (node.kind) {
      case 'input':
      case 'absent':
        throw new RangeError(`a node of kind ${node.kind} has no value to compute`);
      case 'convolution':
        return convolutionForward(read(node.input), parametersOf(index, parameters), node.activation);
      case 'mergedConvolution': {
        const inputs = { skip: read(node.skip), partly: read(node.partly) };
        return mergedConvolutionForward(inputs, parametersOf(index, parameters), upsampling, node.activation);
      }
      case 'pooling':
        return kernels.averagePool(read(node.input));
      case 'upsampling':
        return upsamplingForward(read(node.input), upsampling);
      case 'partialUpsampling':
        return partialUpsamplingForward(read(node.input), upsampling);
      case 'cropping':
        return croppingForward(read(node.input), node.margin);
      case 'merging':
        return mergingForward(read(node.skip), read(node.upsampled));
    }
  }

  function run(parameters: readonly Tensor[], input: Tensor, readsOf: readonly number[]): LiveValues {
    const values = liveValues(readsOf);
    values.set(0, input);
    nodes.forEach((node, index) => {
      if (node.kind === 'input' || node.kind === 'absent') return;
      values.set(index, forwardNode(index, parameters, values.get));
      passInputs(node).forEach(values.release);
    });
    return values;
  }

  /** The gradient before a convolution's activation; disposes the gradient after it. */
  function beforeActivation(
    node: ConvolutionNode | MergedConvolutionNode,
    index: number,
    gradient: Tensor,
    { values, beforeActivation: done }: Backward,
  ): Tensor {
    if (node.activation === 'none') return gradient;
    if (done.has(index)) {
      values.release(index);
      return gradient;
    }
    const inner = activationBackward(values.get(index), gradient);
    values.release(index);
    return inner;
  }

  /** Whether the part of `reader` completes the gradient of the node at `index`, which then passes its leaky ReLU. */
  function completes(reader: number, index: number, { beforeActivation: done }: Backward): boolean {
    if (completedBy.get(index) !== reader) return false;
    done.add(index);
    return true;
  }

  function wantedOf(node: ConvolutionNode, index: number, backward: Backward): WantedInputGradient {
    if (wanted[node.input] !== true) return 'none';
    const isAlone = !backward.gradients.has(node.input);
    return isAlone && completes(index, node.input, backward) ? 'beforeActivation' : 'ofInput';
  }

  function poolingGradient(node: PoolingNode, index: number, gradient: Tensor, backward: Backward): void {
    const { values, gradients } = backward;
    const addend = gradients.takeIfPresent(node.input);
    const activated = completes(index, node.input, backward) ? values.get(node.input) : undefined;
    gradients.add(node.input, poolingBackward(gradient, { shape: values.shape(node.input), addend, activated }));
  }

  /** Adds the gradients of a convolution's inputs and parameters; disposes its output's gradient. */
  function convolutionGradients(node: ConvolutionNode, index: number, gradient: Tensor, backward: Backward): void {
    const { values, gradients } = backward;
    const inner = beforeActivation(node, index, gradient, backward);
    const { kernel } = parametersOf(index, backward.parameters);
    const result = convolutionBackward(values.get(node.input), kernel, inner, wantedOf(node, index, backward));
    dispose(inner);
    values.release(node.input);
    addParameterGradients(index, result, backward);
    if (result.input !== undefined) gradients.add(node.input, result.input);
  }

  function mergedGradients(node: MergedConvolutionNode, index: number, gradient: Tensor, backward: Backward): void {
    const { values, gradients } = backward;
    const inner = beforeActivation(node, index, gradient, backward);
    const { kernel } = parametersOf(index, backward.parameters);
    const inputs = { skip: values.get(node.skip), partly: values.get(node.partly) };
    const result = mergedConvolutionBackward(inputs, kernel, inner, upsampling);
    dispose(inner);
    passInputs(node).forEach(values.release);
    addParameterGradients(index, result, backward);
    gradients.add(node.skip, result.skip);
    gradients.add(node.partly, result.partly);
  }

  function addParameterGradients(index: number, result: ConvolutionParameters, backward: Backward): void {
    const first = kernelIndex.get(index) as number;
    backward.parameterGradients[first] = result.kernel;
    backward.parameterGradients[first + 1] = result.bias;
  }

  function nodeGradients(index: number, gradient: Tensor, backward: Backward): void {
    const { values, gradients } = backward;
    const node = nodes[index] as PassNode;
    switch (node.kind) {
      case 'input':
      case 'absent':
        throw new RangeError(`a node of kind ${node.kind} has no gradient to compute`);
      case 'convolution':
        convolutionGradients(node, index, gradient, backward);
        return;
      case 'mergedConvolution':
        mergedGradients(node, index, gradient, backward);
        return;
      case 'pooling':
        poolingGradient(node, index, gradient, backward);
        return;
      case 'upsampling':
        gradients.add(node.input, upsamplingBackward(values.shape(node.input), gradient, upsampling));
        return;
      case 'partialUpsampling':
        gradients.add(node.input, partialUpsamplingBackward(values.shape(node.input), gradient, upsampling));
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

  /** Computes a value again that a sparing forward pass has not kept. */
  function restore(index: number, { parameters, values }: Backward): void {
    if (!recomputed.has(index) || values.isLive(index)) return;
    values.restore(index, forwardNode(index, parameters, values.get), readsWhen.again[index] as number);
    passInputs(nodes[index] as PassNode).forEach(values.release);
  }

  function runBackward(parameters: readonly Tensor[], values: LiveValues, logitsGradient: Tensor): readonly Tensor[] {
    const backward: Backward = {
      parameters,
      values,
      gradients: summedGradients(),
      beforeActivation: new Set(),
      parameterGradients: [],
    };
    backward.gradients.add(nodes.length - 1, logitsGradient);
    for (let index = nodes.length - 1; index > 0; index--) {
      if (wanted[index] !== true || nodes[index]?.kind === 'absent') continue;
      passInputs(nodes[index] as PassNode).forEach((input) => {
        restore(input, backward);
      });
      nodeGradients(index, backward.gradients.take(index), backward);
    }
    return backward.parameterGradients;
  }

  return {
    predict: (parameters, input) => run(parameters, input, readsWhen.predicting).get(nodes.length - 1),
    forward: (parameters, input) => {
      const isLarge = entryCount(input.shape) > kept;
      const values = run(parameters, input, isLarge ? readsWhen.sparing : readsWhen.training);
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
