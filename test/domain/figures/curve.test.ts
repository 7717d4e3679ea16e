import assert from 'node:assert/strict';
import { test } from 'node:test';

import { curvePath, dotPath, thinCurve } from '../../../domain/figures/curve.js';
import { linearScale } from '../../../domain/figures/scale.js';

test('a thinned curve stays within its tolerance and keeps jumps', () => {
  const curve = Array.from({ length: 1001 }, (_, i) => ({ x: i / 1000, y: Math.sin(i / 200) }));
  const thin = thinCurve(curve, 1e-3);
  assert.ok(thin.length < 80 && thin[0] === curve[0] && thin.at(-1) === curve[1000]);
  for (const { x, y } of curve) {
    const next = Math.max(
      1,
      thin.findIndex((point) => point.x >= x),
    );
    const [a, b] = [thin[next - 1], thin[next]];
    assert.ok(a !== undefined && b !== undefined);
    assert.ok(Math.abs(a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x) - y) <= 1e-3);
  }
});

test('paths have two decimals for curves and one for dots, and no minus before a zero', () => {
  const scales = { x: linearScale([0, 1], [0, 3]), y: linearScale([0, 1], [3, 0]) };
  const points = [
    { x: 0, y: 1.00001 },
    { x: 1 / 3.14159, y: 1 / 3 },
  ];
  assert.equal(curvePath(points, scales), 'M0,0L0.95,2');
  assert.deepEqual(
    points.map((point) => dotPath(point, scales)),
    ['M0 0h0', 'M1 2h0'],
  );
  assert.equal(curvePath([], scales), '');
});
