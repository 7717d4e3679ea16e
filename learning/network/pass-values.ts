import { combine } from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';

/** Node values, each disposed when its last read is released; shapes remain available. */
export interface LiveValues {
  set(index: number, value: Tensor): void;
  get(this: void, index: number): Tensor;
  shape(index: number): readonly number[];
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
  /** Transfers ownership of the gradient to the caller. */
  take(index: number): Tensor;
}

export function summedGradients(): SummedGradients {
  const gradients = new Map<number, Tensor>();
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
    take: (index) => {
      const gradient = gradients.get(index) as Tensor;
      gradients.delete(index);
      return gradient;
    },
  };
}
