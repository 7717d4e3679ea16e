import * as kernels from '../tensorflow/kernels.js';
import { floatScalar, type Tensor } from '../tensorflow/tensorflow.js';
import { withTensors } from './counted.js';
import type { TensorLoss } from './tensor-loss.js';

/** (1 − weight) · first + weight · second. */
export function mixedLoss(first: TensorLoss, second: TensorLoss, weight: number): TensorLoss {
  const mixed = (a: number, b: number): number => (1 - weight) * a + weight * b;
  return {
    value: (batch) => mixed(first.value(batch), second.value(batch)),
    valueAndGradient: (batch) =>
      withTensors((own) => {
        const [a, b] = [first.valueAndGradient(batch), second.valueAndGradient(batch)];
        const scaled = (gradient: Tensor, factor: number): Tensor =>
          own(kernels.combine('Mul', own(gradient), own(floatScalar(factor))));
        const gradient = kernels.combine('AddV2', scaled(a.gradient, 1 - weight), scaled(b.gradient, weight));
        return { value: mixed(a.value, b.value), gradient };
      }),
  };
}
