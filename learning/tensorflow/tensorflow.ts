import { createRequire } from 'node:module';

import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';

/**
 * The only access to TensorFlow: kernels by name on tensor handles. It bypasses tfjs's own tensors, gradient tape and
 * memory bookkeeping, which cost more than the arithmetic of a small training step.
 *
 * Whoever receives a Tensor disposes it, exactly once, unless a docstring says that it is kept.
 */
export interface Tensor {
  readonly id: number;
  readonly shape: readonly number[];
}

export type Attribute = TFEOpAttr;

const load = createRequire(import.meta.url);

// tfjs-node's native binding without its JavaScript wrapper, which would double the start-up time of a small training.
const binding = load('@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node') as TFJSBinding & AddedBySetup;
const { version } = load('@tensorflow/tfjs-node-gpu/package.json') as { readonly version: string };

/** What set-up adds to the binding (scripts/setup/binding/). */
interface AddedBySetup {
  readonly defineFunction?: (name: string, graph: Uint8Array, inputs: string[], outputs: string[]) => void;
}

/** Kernel attributes, typed as TensorFlow's operation definitions require. */
export const attribute = {
  float: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_FLOAT, value }),
  integer: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_INT, value }),
  integers: (name: string, value: readonly number[]): Attribute => ({
    name,
    type: binding.TF_ATTR_INT,
    value: [...value],
  }),
  boolean: (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
  string: (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({
    name,
    type: binding.TF_ATTR_SHAPE,
    value: [...value],
  }),
  floatType: (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }),
  integerType: (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 }),
} as const;

/** Runs a kernel and returns its outputs; throws the errors that TensorFlow reports. */
export function execute(
  kernel: string,
  attributes: Attribute[],
  inputs: readonly Tensor[],
  outputCount: number,
): readonly Tensor[] {
  const outputs = binding.executeOp(
    kernel,
    attributes,
    inputs.map((input) => input.id),
    outputCount,
  );
  watcher?.({ kernel, attributes, inputs, outputs });
  return outputs;
}

/** A kernel that has run. */
export interface Execution {
  readonly kernel: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

let watcher: ((execution: Execution) => void) | undefined;

/** Lets `see` see every kernel that `work` runs, in order. */
export function watched<T>(see: (execution: Execution) => void, work: () => T): T {
  const before = watcher;
  watcher = see;
  try {
    return work();
  } finally {
    watcher = before;
  }
}

/** Runs a kernel with one output. */
export function executeOne(kernel: string, attributes: Attribute[], inputs: readonly Tensor[]): Tensor {
  return execute(kernel, attributes, inputs, 1)[0] as Tensor;
}

/** A float32 tensor, last axis fastest. It may share the array's memory: do not change the values any more. */
export function floatTensor(shape: readonly number[], values: Float32Array): Tensor {
  return { id: binding.createTensor([...shape], binding.TF_FLOAT, values), shape };
}

export function floatScalar(value: number): Tensor {
  return floatTensor([], Float32Array.of(value));
}

/** An int32 tensor, in host memory even when a GPU computes. */
export function integerTensor(shape: readonly number[], values: readonly number[]): Tensor {
  return { id: binding.createTensor([...shape], binding.TF_INT32, Int32Array.from(values)), shape };
}

/** Copies a float32 tensor's values; waits until they are computed. */
export function readFloats(tensor: Tensor): Float32Array {
  const values = binding.tensorDataSync(tensor.id);
  if (!(values instanceof Float32Array)) throw new TypeError('expected a float32 tensor');
  return values;
}

/** Copies a tensor's values as they are, float32 or int32. */
export function readValues(tensor: Tensor): Float32Array | Int32Array {
  const values = binding.tensorDataSync(tensor.id);
  if (!(values instanceof Float32Array || values instanceof Int32Array)) throw new TypeError('expected numbers');
  return values;
}

/** Defines a function for the life of the process; `execute` runs it by its name. */
export function defineFunction(
  name: string,
  graph: Uint8Array,
  inputs: readonly string[],
  outputs: readonly string[],
): void {
  binding.defineFunction?.(name, graph, [...inputs], [...outputs]);
}

/** TensorFlow's numbers of the types of attributes and values. */
export const typeNumbers = {
  attribute: {
    [binding.TF_ATTR_STRING]: 'string',
    [binding.TF_ATTR_INT]: 'integer',
    [binding.TF_ATTR_FLOAT]: 'float',
    [binding.TF_ATTR_BOOL]: 'boolean',
    [binding.TF_ATTR_TYPE]: 'type',
    [binding.TF_ATTR_SHAPE]: 'shape',
  },
  float: binding.TF_FLOAT,
  integer: binding.TF_INT32,
} as const;

const uninitialised = [attribute.floatType('dtype'), attribute.boolean('init', false)];

/**
 * Makes TensorFlow reserve that many numbers in one piece, of which it uses what it needs. Otherwise it gets memory piece
 * by piece, and arrays of different sizes leave gaps between them. Where there is no room, nothing happens.
 */
export function reserve(numbers: number): void {
  if (tensorflowLibrary.gpu || numbers >= 2 ** 31) return;
  const size = integerTensor([1], [numbers]);
  try {
    dispose(executeOne('Empty', uninitialised, [size]));
  } catch {
    // The training may still succeed with less.
  } finally {
    dispose(size);
  }
}

export function dispose(...tensors: readonly (Tensor | undefined)[]): void {
  for (const tensor of tensors) if (tensor !== undefined) binding.deleteTensor(tensor.id);
}

/** Versions and device of the library that computes. */
export const tensorflowLibrary = {
  tensorflow: binding.TF_Version,
  tfjs: version,
  gpu: binding.isUsingGpuDevice(),
} as const;

/** Whether graphs can be defined as functions: not on a GPU, where int32 constants would have to stay in host memory. */
export const definesFunctions = binding.defineFunction !== undefined && !tensorflowLibrary.gpu;
