import type { ConvolutionNode, Upsampling } from '../../domain/training/networks/network.js';
import {
  convolution,
  convolutionInputGradient,
  convolutionParameterGradients,
  convolutionWith,
} from '../tensorflow/convolutions.js';
import * as kernels from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';
import type { ConvolutionParameters } from './convolution.js';
import { croppedToSize, croppedToSizeBackward } from './cropping.js';
import { applyAlong, constantMatrix } from './interpolation.js';

/**
 * A 3-wide convolution of [skip, up-sampled low], the most expensive layer of a U-Net, computed without concatenating
 * the arrays and without fully up-sampling `low`.
 *
 * A convolution is a sum over its taps. A tap mixes channels while interpolation mixes voxels, so the two commute.
 * Along the last spatial axis, with W_t the weights of tap t, U the interpolation and S_t the shift by t − 1,
 *
 *      Σ_t W_t S_t U low = Σ_t (S_t U) W_t low = M [W_0 low, W_1 low, W_2 low],   M = [S_0 U | S_1 U | S_2 U].
 *
 * So `low`, up-sampled along the other axes only, is convolved 1 wide along the last axis into three times the channels
 * (a third of the voxels and of the multiplications), and M does the rest. Borders are exact: M includes the clamped
 * border of the interpolation and the zeros of the padding.
 */
export interface MergedInputs {
  readonly skip: Tensor;
  /** `low`, up-sampled along all spatial axes except the last. */
  readonly partly: Tensor;
}

const lastSpatial = (shape: readonly number[]): number => shape.length - 2;

/** Swaps the window's last axis and the input channels in [window…, in, out]; its own inverse. */
function exchangeTapAndInput(kernel: Tensor): Tensor {
  const order = kernel.shape.map((_, axis) => axis);
  const tap = kernel.shape.length - 3;
  [order[tap], order[tap + 1]] = [tap + 1, tap];
  return kernels.transpose(kernel, order);
}

interface SplitKernel {
  /** [window…, skip channels, out] */
  readonly skip: Tensor;
  /** [window… without the last, 1, low channels, 3 · out] */
  readonly low: Tensor;
}

function splitKernel(kernel: Tensor, skipChannels: number): SplitKernel {
  const axis = kernel.shape.length - 2;
  const lowChannels = (kernel.shape[axis] as number) - skipChannels;
  const [skip, low] = kernels.splitAlong(kernel, [skipChannels, lowChannels], axis) as [Tensor, Tensor];
  const exchanged = exchangeTapAndInput(low);
  dispose(low);
  const [taps, out] = [kernel.shape[axis - 1] as number, kernel.shape[axis + 1] as number];
  return { skip, low: kernels.reshaped(exchanged, [...kernel.shape.slice(0, axis - 1), 1, lowChannels, taps * out]) };
}

/** Joins the gradients of the kernel's two parts, which it disposes. */
function joinKernel(kernelShape: readonly number[], { skip, low }: SplitKernel): Tensor {
  const axis = kernelShape.length - 2;
  const [taps, out] = [kernelShape[axis - 1] as number, kernelShape[axis + 1] as number];
  const lowChannels = low.shape[axis] as number;
  const exchanged = kernels.reshaped(low, [...kernelShape.slice(0, axis - 1), lowChannels, taps, out]);
  const inOrder = exchangeTapAndInput(exchanged);
  const joined = kernels.concatenate([skip, inOrder], axis);
  dispose(skip, exchanged, inOrder);
  return joined;
}

/** The convolution with bias and optional leaky ReLU. */
export function mergedConvolutionForward(
  { skip, partly }: MergedInputs,
  { kernel, bias }: ConvolutionParameters,
  upsampling: Upsampling,
  activation: ConvolutionNode['activation'],
): Tensor {
  const axis = lastSpatial(partly.shape);
  const size = partly.shape[axis] as number;
  const parts = splitKernel(kernel, skip.shape.at(-1) as number);
  const mixed = convolution(partly, parts.low);
  const rows = kernels.reshaped(mixed, [...partly.shape.slice(0, axis), 3 * size, kernel.shape.at(-1) as number]);
  const ofLow = applyAlong(rows, axis, constantMatrix('taps', size, upsampling), 'plain');
  const cropped = croppedToSize(skip, ofLow.shape);
  const result = convolutionWith(cropped, parts.skip, { bias, addend: ofLow, activation });
  dispose(cropped, parts.skip, parts.low, ofLow);
  return result;
}

export interface MergedGradients extends ConvolutionParameters {
  readonly skip: Tensor;
  readonly partly: Tensor;
}

/** Gradients from that of the output without its activation, which the caller keeps. */
export function mergedConvolutionBackward(
  { skip, partly }: MergedInputs,
  kernel: Tensor,
  gradient: Tensor,
  upsampling: Upsampling,
): MergedGradients {
  const parts = splitKernel(kernel, skip.shape.at(-1) as number);
  const mixed = mixedGradient(partly.shape, gradient, upsampling);
  const ofLow = convolutionParameterGradients(partly, parts.low.shape, mixed);
  const ofPartly = convolutionInputGradient(partly.shape, parts.low, mixed);
  dispose(mixed, ofLow.bias);
  const cropped = croppedToSize(skip, gradient.shape);
  const ofSkip = convolutionParameterGradients(cropped, parts.skip.shape, gradient);
  const ofCropped = convolutionInputGradient(cropped.shape, parts.skip, gradient);
  dispose(cropped, parts.skip, parts.low);
  return {
    kernel: joinKernel(kernel.shape, { skip: ofSkip.kernel, low: ofLow.kernel }),
    bias: ofSkip.bias,
    skip: croppedToSizeBackward(skip.shape, ofCropped),
    partly: ofPartly,
  };
}

/** The gradient of W low for all three taps: the adjoint of M. */
function mixedGradient(partlyShape: readonly number[], gradient: Tensor, upsampling: Upsampling): Tensor {
  const axis = lastSpatial(partlyShape);
  const size = partlyShape[axis] as number;
  const matrix = constantMatrix('taps', size, upsampling);
  const rows = applyAlong(kernels.reshape(gradient, gradient.shape), axis, matrix, 'transposed');
  return kernels.reshaped(rows, [...partlyShape.slice(0, axis + 1), 3 * (gradient.shape.at(-1) as number)]);
}
