import { combine } from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';

/** Node values, each disposed when its last read is released; shapes remain available. */
export interface LiveValues {
  set(index: number, value: Tensor): void;
  get(this: void, index: number): Tensor;
  shape(index: number): readonly number[];
  /** Sets a value that has been disposed anew, to be read that often. */
  restore(index: number, value: Tensor, reads: number): void;
  isLive(index: number): boolean;
  release(this: void, index: number): void;
}

export function liveValues(readsOf: readonly number[]): LiveValues {
  const values: Tensor[] = [];
  const reads = [...readsOf];
  const get = (index: number): Tensor => values[index] as Tensor;
  return {
    set: (index, value) => {
      values[index] = value;
    },
    get,
    shape: (index) => get(index).shape,
    restore: (index, value, count) => {
      values[index] = value;
      reads[index] = count;
    },
    isLive: (index) => (reads[index] as number) > 0,
    release: (index) => {
      const left = (reads[index] as number) - 1;
      reads[index] = left;
      if (left === 0) dispose(get(index));
    },
  };
}

/** Gradients of node values; a value with two readers gets the sum. */
export interface SummedGradients {
  add(index: number, gradient: Tensor): void;
  has(index: number): boolean;
  /** Transfers ownership of the gradient to the caller. */
  take(index: number): Tensor;
  takeIfPresent(index: number): Tensor | undefined;
}

export function summedGradients(): SummedGradients {
  const gradients = new Map<number, Tensor>();
  const takeIfPresent = (index: number): Tensor | undefined => {
    const gradient = gradients.get(index);
    gradients.delete(index);
    return gradient;
  };
  return {
    add: (index, gradient) => {
      const present = gradients.get(index);
      if (present === undefined) {
        gradients.set(index, gradient);
        return;
      }
      gradients.set(index, combine('AddV2', present, gradient));
      dispose(present, gradient);
    },
    has: (index) => gradients.has(index),
    take: (index) => takeIfPresent(index) as Tensor,
    takeIfPresent,
  };
}
