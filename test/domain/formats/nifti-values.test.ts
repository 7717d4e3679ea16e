import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { niftiTypeFacts, type NiftiDataType } from '../../../domain/formats/nifti-types.js';
import { decodeVoxelsInto, roomOfVoxels, valuesOfBytes, valuesOfLength } from '../../../domain/formats/nifti-values.js';
import { randomStream } from '../../../domain/random/random-stream.js';

/** More than one block of each type, and no whole number of blocks. */
const count = 70_001;

describe('voxels decoded in place', () => {
  for (const dataType of Object.keys(niftiTypeFacts) as NiftiDataType[]) {
    const width = niftiTypeFacts[dataType].bytes;
    const random = randomStream(1, dataType);
    const stored = Uint8Array.from({ length: count * width }, () => Math.floor(256 * random.uniform()));

    it(`${dataType}: equal those decoded into another array, in either byte order, scaled or not, with room or without`, () => {
      for (const littleEndian of [true, false]) {
        for (const [slope, intercept] of [
          [1, 0],
          [0.5, -3],
        ] as const) {
          const form = { dataType, littleEndian, slope, intercept };
          const wanted = valuesOfLength(count, form);
          decodeVoxelsInto(wanted, 0, stored.slice(), form);
          for (const room of [roomOfVoxels(count, form), stored.length]) {
            const bytes = new Uint8Array(new ArrayBuffer(8 + room), 8, stored.length);
            bytes.set(stored);
            assert.deepEqual(valuesOfBytes(bytes, form), wanted);
          }
        }
      }
    });
  }

  it('stay integers if unscaled and of up to 16 bits; otherwise become float32', () => {
    const form = { littleEndian: true, slope: 1, intercept: 0 };
    assert.ok(valuesOfLength(1, { ...form, dataType: 'int16' }) instanceof Int16Array);
    assert.ok(valuesOfLength(1, { ...form, dataType: 'uint8' }) instanceof Uint8Array);
    assert.ok(valuesOfLength(1, { ...form, dataType: 'int16', slope: 2 }) instanceof Float32Array);
    assert.ok(valuesOfLength(1, { ...form, dataType: 'int32' }) instanceof Float32Array);
    assert.equal(roomOfVoxels(10, { ...form, dataType: 'int16' }), 20);
    assert.equal(roomOfVoxels(10, { ...form, dataType: 'int16', slope: 2 }), 40);
    assert.equal(roomOfVoxels(10, { ...form, dataType: 'float64' }), 80);
  });
});
