import { leakyReluSlope } from '../../domain/training/networks/network.js';
import {
  convolutionKernelGradient,
  convolutionThen,
  dimensionsOf,
  followed,
  windows,
  type Following,
} from './convolution-kernels.js';
import { biasGradient, constantIntegers } from './kernels.js';
import {
  attribute,
  dispose,
  execute,
  executeOne,
  floatTensor,
  tensorflowLibrary,
  type Attribute,
  type Tensor,
} from './tensorflow.js';

// The attribute that TensorFlow's graph rewriting adds when it selects a oneDNN kernel.
const byOneDnn = attribute.string('_kernel', 'MklNameChangeOp');
const withBias: Attribute[] = [...windows[2], byOneDnn];

function fusedWindows(adds: boolean, activation: Following['activation']): Attribute[] {
  const parts = ['BiasAdd', ...(adds ? ['Add'] : []), ...(activation === 'none' ? [] : ['LeakyRelu'])];
  return [
    ...windows[3],
    byOneDnn,
    attribute.integer('num_args', adds ? 2 : 1),
    attribute.strings('fused_ops', parts),
    attribute.float('leakyrelu_alpha', leakyReluSlope),
  ];
}

const fused = {
  plain: { leakyRelu: fusedWindows(false, 'leakyRelu'), none: fusedWindows(false, 'none') },
  adding: { leakyRelu: fusedWindows(true, 'leakyRelu'), none: fusedWindows(true, 'none') },
} as const;

/**
 * Whether this TensorFlow provides oneDNN convolutions fused with the operations after them: in 2D the bias, because
 * small trainings are bound by the number of operations; in 3D all of them, because large trainings are bound by
 * memory. GPUs and builds without oneDNN use separate operations, which give the same numbers.
 */
const follows = {
  2: canExecute('_MklNativeConv2DWithBias', withBias, [1, 1, 1, 1]),
  3: canExecute('_MklNativeFusedConv3D', fused.plain.leakyRelu, [1, 1, 1, 1, 1]),
} as const;

function canExecute(operation: string, attributes: Attribute[], shape: readonly number[]): boolean {
  if (tensorflowLibrary.gpu) return false;
  const one = floatTensor(shape, Float32Array.of(1));
  const bias = floatTensor([1], Float32Array.of(0));
  try {
    dispose(executeOne(operation, attributes, [one, one, bias]));
    return true;
  } catch {
    return false;
  } finally {
    dispose(one, bias);
  }
}

/** The convolution followed by the given operations, fused where this TensorFlow can; the caller disposes the result. */
export function convolutionWith(input: Tensor, kernel: Tensor, following: Following): Tensor {
  const { bias, addend, activation } = following;
  if (!follows[dimensionsOf(input)]) return convolutionThen(input, kernel, following);
  if (dimensionsOf(input) === 2) {
    return followed(executeOne('_MklNativeConv2DWithBias', withBias, [input, kernel, bias]), { addend, activation });
  }
  const inputs = addend === undefined ? [input, kernel, bias] : [input, kernel, bias, addend];
  const attributes = fused[addend === undefined ? 'plain' : 'adding'][activation];
  return executeOne('_MklNativeFusedConv3D', attributes, inputs);
}

/** Gradients of the convolution's kernel and bias, from its input and the gradient of its output. */
export function convolutionParameterGradients(
  input: Tensor,
  kernelShape: readonly number[],
  outputGradient: Tensor,
): { readonly kernel: Tensor; readonly bias: Tensor } {
  const inputs = [input, constantIntegers(kernelShape), outputGradient];
  if (dimensionsOf(input) === 2 && follows[2]) {
    const [kernel, bias] = execute('_MklNativeConv2DBackpropFilterWithBias', withBias, inputs, 2);
    return { kernel: kernel as Tensor, bias: bias as Tensor };
  }
  return {
    kernel: convolutionKernelGradient(input, kernelShape, outputGradient),
    bias: biasGradient(outputGradient),
  };
}
