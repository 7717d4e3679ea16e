import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { greyOf } from '../../../domain/formats/grey.js';

describe('grey values of samples', () => {
  it('of colours are their luma in float32, whether or not it fits in place', () => {
    const luma = (red: number, green: number, blue: number): number =>
      Math.fround(0.299 * red + 0.587 * green + 0.114 * blue);
    for (const Samples of [Uint8Array, Uint16Array]) {
      const colours: readonly (readonly [number, number, number])[] = [
        [10, 20, 30],
        [200, 0, 255],
        [1, 2, 4],
      ];
      const wanted = colours.map((colour) => luma(...colour));
      assert.deepEqual([...greyOf(Samples.from(colours.flat()), 3)], wanted);
      assert.deepEqual([...greyOf(Samples.from(colours.flatMap((colour) => [...colour, 255])), 4)], wanted);
    }
  });

  it('of grey samples are the samples', () => {
    assert.deepEqual(greyOf(Uint8Array.of(0, 7, 255), 1), Uint8Array.of(0, 7, 255));
  });

  it('of grey stored as colour are exact', () => {
    const grey = Uint16Array.from({ length: 65_536 }, (_, value) => value);
    assert.deepEqual([...greyOf(Uint16Array.from([...grey].flatMap((value) => [value, value, value])), 3)], [...grey]);
  });
});
