import { leakyReluSlope } from '../../domain/training/networks/network.js';
import type { Following } from './convolution-kernels.js';
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

/**
 * Our own kernels, which set-up compiles into the binding (scripts/setup/binding/own_operations.cc). They run on
 * processors with AVX2 and FMA, and give the same bytes with any number of threads. Each function returns undefined where
 * its kernel cannot run, so that the caller uses TensorFlow's, which differ in rounding alone; else new tensors, which
 * the caller disposes.
 */
const fewestChannels = 8;

const convolving = {
  alone: convolutionAttributes(0, false),
  biased: followingAttributes(1),
  added: followingAttributes(2),
  inputGradient: convolutionAttributes(0, true),
  inputGradientThroughActivation: convolutionAttributes(1, true, leakyReluSlope),
} as const;

function convolutionAttributes(others: number, inputGradient: boolean, slope = 1): Attribute[] {
  return [
    attribute.integer('count', others),
    attribute.boolean('input_gradient', inputGradient),
    attribute.float('slope', slope),
  ];
}

function followingAttributes(others: number): Readonly<Record<Following['activation'], Attribute[]>> {
  return {
    none: convolutionAttributes(others, false),
    leakyRelu: convolutionAttributes(others, false, leakyReluSlope),
  };
}

const gradientWidths: Readonly<Record<1 | 3, Attribute[]>> = {
  1: [attribute.integer('width', 1)],
  3: [attribute.integer('width', 3)],
};

const interpolating: Readonly<Record<'plain' | 'transposed', Attribute[]>> = {
  plain: [attribute.boolean('transposed', false)],
  transposed: [attribute.boolean('transposed', true)],
};

/** Whether our kernels run in this process. */
export const isAvailable = !tensorflowLibrary.gpu && canExecute();

function canExecute(): boolean {
  const matrix = floatTensor([1, 1], Float32Array.of(1));
  const stack = floatTensor([1, 1, 1], Float32Array.of(1));
  try {
    dispose(executeOne('VolbiasInterpolation', interpolating.plain, [matrix, stack]));
    return true;
  } catch {
    return false;
  } finally {
    dispose(matrix, stack);
  }
}

/** 3 wide along every axis, or 1 wide along the last one. */
function isWindow(kernelShape: readonly number[]): boolean {
  const window = kernelShape.slice(0, -2);
  return window.every((size, axis) => size === 3 || (size === 1 && axis > 0 && axis === window.length - 1));
}

/** The convolution with a kernel [window…, in, out], and what follows it. */
export function ownConvolution(input: Tensor, kernel: Tensor, following?: Following): Tensor | undefined {
  if (!isAvailable || !isWindow(kernel.shape) || (kernel.shape.at(-1) as number) < fewestChannels) return undefined;
  if (following === undefined) return executeOne('VolbiasConvolution', convolving.alone, [input, kernel]);
  const { bias, addend, activation } = following;
  return addend === undefined
    ? executeOne('VolbiasConvolution', convolving.biased[activation], [input, kernel, bias])
    : executeOne('VolbiasConvolution', convolving.added[activation], [input, kernel, bias, addend]);
}

/**
 * Gradient of the input of a convolution with that kernel, from the gradient of its output; through the leaky ReLU before
 * it if `activated`, the input, is that's output.
 */
export function ownInputGradient(kernel: Tensor, outputGradient: Tensor, activated?: Tensor): Tensor | undefined {
  if (!isAvailable || !isWindow(kernel.shape) || (kernel.shape.at(-2) as number) < fewestChannels) return undefined;
  return activated === undefined
    ? executeOne('VolbiasConvolution', convolving.inputGradient, [outputGradient, kernel])
    : executeOne('VolbiasConvolution', convolving.inputGradientThroughActivation, [outputGradient, kernel, activated]);
}

/** Gradients of a convolution's kernel and bias, from its input and the gradient of its output. */
export function ownParameterGradients(
  input: Tensor,
  kernelShape: readonly number[],
  outputGradient: Tensor,
): { readonly kernel: Tensor; readonly bias: Tensor } | undefined {
  if (!isAvailable || !isWindow(kernelShape)) return undefined;
  const attributes = gradientWidths[kernelShape.at(-3) as 1 | 3];
  const [kernel, bias] = execute('VolbiasKernelGradient', attributes, [input, outputGradient], 2);
  return { kernel: kernel as Tensor, bias: bias as Tensor };
}

/** The product of a matrix, most of whose elements are 0, with each matrix of a stack [n, rows, columns]. */
export function ownInterpolation(matrix: Tensor, stack: Tensor, form: 'plain' | 'transposed'): Tensor | undefined {
  return isAvailable ? executeOne('VolbiasInterpolation', interpolating[form], [matrix, stack]) : undefined;
}

/**
 * Gradient of the means over blocks of 3, plus an addend of the inputs' shape, through the leaky ReLU before them if
 * `activated`, the means' input, is that's output. The input's sizes must be multiples of 3.
 */
export function ownPoolingGradient(
  gradient: Tensor,
  { addend, activated }: { readonly addend: Tensor | undefined; readonly activated: Tensor | undefined },
): Tensor | undefined {
  if (!isAvailable || (gradient.shape.at(-1) as number) < fewestChannels) return undefined;
  const others = [addend, activated].filter((one) => one !== undefined);
  const attributes = [
    attribute.integer('count', others.length),
    attribute.boolean('adds', addend !== undefined),
    attribute.float('slope', leakyReluSlope),
  ];
  return executeOne('VolbiasPoolingGradient', attributes, [gradient, ...others]);
}
