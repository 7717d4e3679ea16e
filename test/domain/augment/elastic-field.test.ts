import assert from 'node:assert/strict';
import test from 'node:test';

import { drawElasticField, rowShiftsInto } from '../../../domain/augment/elastic-field.js';
import type { Triple } from '../../../domain/image/grid.js';
import { randomStream } from '../../../domain/random/random-stream.js';

test('elastic shifts have the root mean square asked for, and none along z in 2D', () => {
  const settings = { gridSpacingVoxels: 12, shiftVoxels: [2, 2], smoothingVoxels: 4 } as const;
  const shape: Triple = [60, 50, 1];
  let sum = 0;
  let count = 0;
  for (let seed = 0; seed < 20; seed++) {
    const field = drawElasticField(shape, settings, randomStream(seed));
    assert.ok(field.shifts[2].every((shift) => shift === 0));
    const row = new Float64Array(field.points[0]);
    for (let y = 0; y < shape[1]; y++) {
      for (const component of [0, 1] as const) {
        rowShiftsInto(row, field, { component, y, z: 0 });
        for (let x = 0; x < shape[0]; x++, count++) {
          sum +=
            row.reduce((total, value, a) => total + value * (field.weights[0][x * row.length + a] as number), 0) ** 2;
        }
      }
    }
  }
  // 40 fields of some 20 independent points each: a standard error of about 2.5 %.
  assert.ok(Math.abs(Math.sqrt(sum / count) / 2 - 1) < 0.1, String(Math.sqrt(sum / count)));
});

test("the weights of an elastic field's control points add up to 1 at every voxel", () => {
  const field = drawElasticField(
    [20, 33, 11],
    { gridSpacingVoxels: 7, shiftVoxels: [1, 3], smoothingVoxels: 2 },
    randomStream(1),
  );
  field.weights.forEach((weights, axis) => {
    const points = field.points[axis] as number;
    for (let start = 0; start < weights.length; start += points) {
      assert.ok(Math.abs(weights.subarray(start, start + points).reduce((a, b) => a + b, 0) - 1) < 1e-12);
    }
  });
});
