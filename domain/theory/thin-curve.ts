export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * The fewest points of a curve by Douglas and Peucker's rule whose straight lines stay within `tolerance` of it in y.
 * For drawing alone: a smooth curve of 1001 points looks the same with twenty. First and last point always stay.
 */
export function thinCurve(points: readonly CurvePoint[], tolerance: number): CurvePoint[] {
  const kept = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [first, last] = span;
    const [from, to] = [points[first] as CurvePoint, points[last] as CurvePoint];
    let farthest = -1;
    let distance = tolerance;
    for (let i = first + 1; i < last; i++) {
      const { x, y } = points[i] as CurvePoint;
      // Points above one another (a jump) have no line in y: keep them.
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
