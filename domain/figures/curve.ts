import { line } from 'd3-shape';

import type { Scale } from './scale.js';
import { coordinate } from './shapes.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The scales that map a panel's data into the figure. */
export interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

/** The path of a curve through the points, in order. */
export function curvePath(points: readonly Point[], scales: Scales): string {
  const path = line<Point>(
    ({ x }) => scales.x(x),
    ({ y }) => scales.y(y),
  );
  return path.digits(2)(points) ?? '';
}

/** The path of a dot of a scatter plot: a line without length, round or square by its cap. Smaller than a circle's. */
export function dotPath({ x, y }: Point, scales: Scales): string {
  return `M${coordinate(scales.x(x))} ${coordinate(scales.y(y))}h0`;
}

/**
 * The fewest points of a curve (Douglas-Peucker) whose connecting lines stay within `tolerance` of it in y. For drawing
 * only: a smooth curve of 1001 points looks the same with twenty. Always keeps the first and last point.
 */
export function thinCurve(points: readonly Point[], tolerance: number): Point[] {
  const kept = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [first, last] = span;
    const [from, to] = [points[first] as Point, points[last] as Point];
    let farthest = -1;
    let distance = tolerance;
    for (let i = first + 1; i < last; i++) {
      const { x, y } = points[i] as Point;
      // Points at the same x (a jump) define no line in y: keep them.
      const expected = to.x === from.x ? NaN : from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
      const off = Number.isNaN(expected) ? Infinity : Math.abs(y - expected);
      if (off > distance) [farthest, distance] = [i, off];
    }
    if (farthest === -1) continue;
    kept.add(farthest);
    open.push([first, farthest], [farthest, last]);
  }
  return points.filter((_, i) => kept.has(i));
}
