import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { outlinePath } from '../../../../domain/report/gallery/outline.js';

type Point = readonly [number, number];

/** The rings of a path in tenths of a pixel, `M105 50l10 0-5 10z`, with their points in pixels. */
function ringsOf(path: string): Point[][] {
  assert.match(path, /^(M\d+ \d+l[-\d ]*z)*$/);
  return [...path.matchAll(/M(\d+) (\d+)l([^z]*)z/g)].map(([, x, y, rest = '']) => {
    const steps = (rest.match(/-?\d+/g) ?? []).map(Number);
    let [atX, atY] = [Number(x), Number(y)];
    const points: Point[] = [[atX / 10, atY / 10]];
    for (let i = 0; i < steps.length; i += 2) {
      [atX, atY] = [atX + (steps[i] ?? NaN), atY + (steps[i + 1] ?? NaN)];
      points.push([atX / 10, atY / 10]);
    }
    return points;
  });
}

/** By the shoelace formula: positive or negative by the way round, so that holes subtract. */
function signedArea(ring: readonly Point[]): number {
  return ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length] as Point;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}

const areaOf = (path: string): number => Math.abs(ringsOf(path).reduce((sum, ring) => sum + signedArea(ring), 0));

const size = { width: 48, height: 40 };

function pictureOf(value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: size.width * size.height }, (_, index) =>
    value((index % size.width) + 0.5, Math.floor(index / size.width) + 0.5),
  );
}

describe('outlinePath', () => {
  const radius = 13.3;
  const distance = (x: number, y: number): number => Math.hypot(x - 24.7, y - 19.2);

  it('encloses a disc of the right area at the right place', () => {
    const path = outlinePath(
      pictureOf((x, y) => (distance(x, y) < radius ? 1 : 0)),
      size,
      { level: 0.5 },
    );
    const exact = Math.PI * radius ** 2;
    assert.ok(Math.abs(areaOf(path) / exact - 1) < 0.02, String(areaOf(path) / exact));
    const points = ringsOf(path).flat();
    for (const [x, y] of points) assert.ok(Math.abs(distance(x, y) - radius) < 1);
  });

  it('lies between pixels where a smooth map has the level', () => {
    // Linear in x: 0.3 at x = 24 − 10 · 0.2.
    const path = outlinePath(
      pictureOf((x) => 0.5 + (x - 24) / 10),
      size,
      { level: 0.3 },
    );
    const inner = ringsOf(path)
      .flat()
      .filter(([x]) => x < 40);
    assert.ok(inner.length >= size.height);
    for (const [x, y] of inner) if (y > 0.5 && y < size.height - 0.5) assert.ok(Math.abs(x - 22) <= 0.05, String(x));
  });

  it('leaves holes open, and is empty if nothing is above', () => {
    const ring = outlinePath(
      pictureOf((x, y) => (distance(x, y) < radius && distance(x, y) > 6 ? 1 : 0)),
      size,
      { level: 0.5 },
    );
    assert.equal(ringsOf(ring).length, 2);
    const exact = Math.PI * (radius ** 2 - 36);
    assert.ok(Math.abs(areaOf(ring) / exact - 1) < 0.03, String(areaOf(ring) / exact));
    assert.equal(outlinePath(new Float32Array(size.width * size.height), size, { level: 0.5 }), '');
  });

  it('leaves parts and holes out that have fewer pixels than asked for', () => {
    // A part of 2 pixels, a part of 10 × 10, and in it a hole of one pixel.
    const values = pictureOf((x, y) => {
      if (x > 2 && x < 4 && y > 4 && y < 5) return 1;
      return x > 20 && x < 30 && y > 20 && y < 30 && !(x === 25.5 && y === 25.5) ? 1 : 0;
    });
    assert.equal(ringsOf(outlinePath(values, size, { level: 0.5 })).length, 3);
    const [only, ...others] = ringsOf(outlinePath(values, size, { level: 0.5, leastPixels: 4 }));
    assert.deepEqual(others, []);
    // Interpolation cuts the four corners by an eighth of a pixel each.
    assert.equal(Math.abs(signedArea(only ?? [])), 100 - 4 / 8);
  });
});
