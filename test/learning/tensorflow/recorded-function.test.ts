import assert from 'node:assert/strict';
import test from 'node:test';

import { combine, concatenate, reshape, sum } from '../../../learning/tensorflow/kernels.js';
import { recordedFunction } from '../../../learning/tensorflow/recorded-function.js';
import {
  definesFunctions,
  dispose,
  floatTensor,
  readFloats,
  tensorflowLibrary,
  watched,
  type Execution,
  type Tensor,
} from '../../../learning/tensorflow/tensorflow.js';
import { liveTensorCount } from '../support/live-tensor-count.js';

test('the binding that set-up compiles defines functions, except for a GPU', () => {
  assert.equal(definesFunctions, !tensorflowLibrary.gpu);
});

test('a function repeats what was recorded, with other inputs and the same constants', () => {
  const [a, b, three] = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [3, 3, 3, 3],
  ].map((values) => floatTensor([4], Float32Array.from(values))) as [
    ReturnType<typeof floatTensor>,
    ReturnType<typeof floatTensor>,
    ReturnType<typeof floatTensor>,
  ];
  const work = (): readonly Tensor[] => {
    const scaled = combine('Mul', a, three);
    const both = concatenate([scaled, b], 0);
    const square = reshape(b, [2, 2]);
    const total = sum(square, [0]);
    dispose(scaled, square);
    return [both, total];
  };
  dispose(...work());
  const before = liveTensorCount(); // with the constants of the kernels, which live on
  const executions: Execution[] = [];
  const outputs = watched((one) => executions.push(one), work);
  const run = recordedFunction({ executions, inputs: [a, b], outputs });
  dispose(...outputs);
  assert.equal(liveTensorCount(), before);
  // The other way round: 3 · b, a; and the columns' sums of a.
  const [both, total] = run([b, a]);
  assert.ok(both !== undefined && total !== undefined);
  assert.deepEqual([...readFloats(both)], [15, 18, 21, 24, 1, 2, 3, 4]);
  assert.deepEqual([both.shape, total.shape], [[8], [2]]);
  assert.deepEqual([...readFloats(total)], [4, 6]);
  dispose(both, total, a, b, three);
});
