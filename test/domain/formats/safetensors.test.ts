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

test('safetensors are decoded as they were encoded, bit by bit', () => {
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

test('a safetensors file begins with its header length, and its data begin at a multiple of 8', () => {
  const bytes = encodeSafetensors({
    arrays: [{ name: 'a', shape: [2], values: Float32Array.of(1, -2) }],
    metadata: {},
  });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  assert.equal(bytes.length, 8 + length + 8);
  assert.deepEqual([...bytes.subarray(8 + length)], [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
});

test('truncated or malformed safetensors are refused', () => {
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

/** A file with this header over so many bytes of data. */
function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const file = Buffer.alloc(8 + json.length + dataBytes);
  file.writeBigUInt64LE(BigInt(json.length));
  json.copy(file, 8);
  return file;
}

const floats = (count: number, begin: number) => ({
  dtype: 'F32',
  shape: [count],
  data_offsets: [begin, begin + 4 * count],
});

test('arrays are returned in the order of their data, not of their names', () => {
  const { arrays: found } = decodeSafetensors(fileOf({ b: floats(1, 8), a: floats(2, 0), 7: floats(1, 12) }, 16));
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a', 'b', '7'],
  );
});

test('overlapping arrays are refused before they take memory, and so are gaps and wrong sizes', () => {
  const overlapping = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a${index}`, floats(250_000, 0)]));
  const refused: readonly [RegExp, Uint8Array][] = [
    [/does not begin where/, fileOf(overlapping, 1_000_000)],
    [/does not begin where/, fileOf({ a: floats(1, 0), b: floats(1, 8) }, 12)],
    [/do not fill it/, fileOf({ a: floats(1, 0) }, 12)],
    [/wrong offsets/, fileOf({ a: floats(2, 0) }, 4)],
    [/wrong offsets/, fileOf({ a: { ...floats(1, 0), shape: [2 ** 40, 2 ** 40, 2 ** 40] } }, 4)],
    [/wrong offsets/, fileOf({ a: { ...floats(1, 0), data_offsets: [4, 0] } }, 4)],
    [/no shape/, fileOf({ a: { ...floats(1, 0), shape: [-1, -1] } }, 4)],
    [/dtype F16/, fileOf({ a: { ...floats(1, 0), dtype: 'F16' } }, 4)],
    [/not an object/, fileOf([1], 0)],
  ];
  for (const [message, file] of refused) {
    assert.throws(() => decodeSafetensors(file), { code: 'FILE_FORMAT_INVALID', message });
  }
  const longHeader = fileOf({}, 0);
  longHeader.fill(0xff, 0, 8);
  assert.throws(() => decodeSafetensors(longHeader), { code: 'FILE_FORMAT_INVALID', message: /beyond the file/ });
});
