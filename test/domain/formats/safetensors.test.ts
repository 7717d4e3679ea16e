import assert from 'node:assert/strict';
import test from 'node:test';

import fc from 'fast-check';

import { DomainError } from '../../../domain/domain-error.js';
import { decodeSafetensors, encodeSafetensors } from '../../../domain/formats/safetensors.js';

const isRefusal =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof DomainError && error.code === code;

const arrays = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1 }).map((name) => `x${name}`),
    values: fc.float32Array({ maxLength: 20 }),
  }),
  { selector: ({ name }) => name, maxLength: 5 },
);

test('safetensors come back as they were written, bit by bit', () => {
  fc.assert(
    fc.property(arrays, fc.string(), (list, note) => {
      const content = {
        arrays: list.map(({ name, values }) => ({ name, values, shape: [1, values.length] })),
        metadata: { note, format: 'test' },
      };
      const decoded = decodeSafetensors(encodeSafetensors(content));
      assert.deepEqual({ ...decoded.metadata }, content.metadata);
      assert.deepEqual(
        decoded.arrays.map(({ name, shape }) => ({ name, shape })),
        content.arrays.map(({ name, shape }) => ({ name, shape })),
      );
      decoded.arrays.forEach(({ values }, index) => {
        assert.deepEqual(
          Buffer.from(values.buffer),
          Buffer.from((content.arrays[index]?.values as Float32Array).slice().buffer),
        );
      });
    }),
    { seed: 1 },
  );
});

test('a safetensors file begins with its header length and its data at a multiple of 8', () => {
  const bytes = encodeSafetensors({
    arrays: [{ name: 'a', shape: [2], values: Float32Array.of(1, -2) }],
    metadata: {},
  });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  assert.equal(bytes.length, 8 + length + 8);
  assert.deepEqual([...bytes.subarray(8 + length)], [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
});

test('cut or senseless safetensors are refused', () => {
  const bytes = encodeSafetensors({
    arrays: [{ name: 'a', shape: [2], values: Float32Array.of(1, -2) }],
    metadata: {},
  });
  for (const length of [0, 7, 8, 40, bytes.length - 1]) {
    assert.throws(() => decodeSafetensors(bytes.subarray(0, length)), isRefusal('FILE_FORMAT_INVALID'), String(length));
  }
  assert.throws(
    () => decodeSafetensors(new TextEncoder().encode('no file of that kind')),
    isRefusal('FILE_FORMAT_INVALID'),
  );
});
