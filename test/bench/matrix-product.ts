/**
 * Prints the GFLOP/s that a large float32 matrix product reaches in this TensorFlow with this process's threads, the
 * practical limit of this machine: the best of eight.
 */
import { matrixProduct } from '../../learning/tensorflow/kernels.js';
import { dispose, floatTensor, readFloats } from '../../learning/tensorflow/tensorflow.js';

const size = 2048;
const matrix = floatTensor(
  [size, size],
  Float32Array.from({ length: size ** 2 }, (_, index) => (index % 7) - 3),
);
const seconds = Array.from({ length: 8 }, () => {
  const begin = performance.now();
  const product = matrixProduct(matrix, matrix);
  readFloats(product);
  const took = (performance.now() - begin) / 1000;
  dispose(product);
  return took;
});
process.stdout.write(`${JSON.stringify((2 * size ** 3) / Math.min(...seconds) / 1e9)}\n`);
