import type { Point } from '../../figures/curve.js';

/**
 * The median over trainings at each epoch (of an even number the mean of the two in the middle), as long as at least half of
 * them still train: later it would be that of the few that take longest.
 */
export function medianCurve(curves: readonly (readonly Point[])[]): Point[] {
  const longest = Math.max(0, ...curves.map(({ length }) => length));
  const medians: Point[] = [];
  for (let index = 0; index < longest; index++) {
    const there = curves.flatMap((curve) => curve[index] ?? []);
    if (there.length * 2 < curves.length) break;
    medians.push({ x: there[0]?.x ?? NaN, y: median(there.map(({ y }) => y)) });
  }
  return medians;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
