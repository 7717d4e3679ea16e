/** A function of x, convex part + concave envelope K, at one x. */
export interface IntervalPoint {
  readonly x: number;
  readonly value: number;
  /** Supergradients of K at x that bound K to the left and to the right; slopeBelow ≥ slopeAbove. */
  readonly slopeBelow: number;
  readonly slopeAbove: number;
}

/**
 * F(x) = c(x) + K(g(x), x) on [low, high], with c and each component of g convex, and K convex and increasing in g and
 * concave in x: the optimal value of a linear or concave programme with resource x. `concaveCurvature` bounds −F″ of
 * any non-convex part of c.
 */
export interface IntervalProblem<Point extends IntervalPoint> {
  readonly low: number;
  readonly high: number;
  at(x: number): Point;
  /** dF/dx from the right. */
  derivative(point: Point): number;
  concaveCurvature?(low: number, high: number): number;
  /** Points near the given one where F may have a kink and hence its maximum; none by default. */
  kinksNear?(point: Point): readonly number[];
}

export interface IntervalMaximum<Point> {
  readonly point: Point;
  /** False if the evaluation limit was reached before the bound closed. */
  readonly certified: boolean;
}

const tolerance = 1e-13;
const maxEvaluations = 3000;
const initialPieces = 4;

interface Piece<Point> {
  readonly left: Point;
  readonly right: Point;
  readonly bound: number;
}

/**
 * The global maximum of F, by branch and bound. With t the position within a piece of width h, F ≤ chord(t) + t (1 − t)
 * (h (slopeAbove_left − slopeBelow_right) + h² curvature / 2), because K lies below its tangent at the left end's g,
 * likewise at the right end's, and is convex in g. The bound closes quadratically where F is smooth and immediately
 * where a piece ends at its kink, so a few dozen evaluations prove the value to 1e-13 of the largest |F| among the first
 * points; bisecting the derivative then gives the position to rounding.
 */
export function maximiseOnInterval<Point extends IntervalPoint>(
  problem: IntervalProblem<Point>,
): IntervalMaximum<Point> {
  const width = problem.high - problem.low;
  const points = Array.from({ length: initialPieces + 1 }, (_, i) =>
    problem.at(i === initialPieces ? problem.high : problem.low + (width * i) / initialPieces),
  );
  const size = Math.max(...points.map(({ value }) => Math.abs(value)));
  let pieces = points.slice(1).map((right, i) => bounded(problem, points[i] as Point, right));
  let best = withKinks(problem, points, bestOf(points));
  let certified = false;
  for (;;) {
    const least = best.value + tolerance * size;
    pieces = pieces.filter((piece) => piece.bound > least && piece.right.x - piece.left.x > 1e-15 * width);
    certified = pieces.length === 0;
    if (certified || points.length >= maxEvaluations) break;
    // Splits all open pieces: they are few, and ordering them would save only a constant factor.
    const halves: Piece<Point>[] = [];
    let next = best;
    for (const { left, right } of pieces) {
      const cut = best.x > left.x && best.x < right.x ? best : problem.at((left.x + right.x) / 2);
      if (cut !== best) points.push(cut);
      if (cut.value > next.value) next = cut;
      halves.push(bounded(problem, left, cut), bounded(problem, cut, right));
    }
    pieces = halves;
    if (next !== best) best = withKinks(problem, points, next);
  }
  return { point: polished(problem, points, best, size), certified };
}

function bestOf<Point extends IntervalPoint>(points: readonly Point[]): Point {
  return points.reduce((a, b) => (b.value > a.value ? b : a));
}

/** The point, or a nearby kink if F is larger there. */
function withKinks<Point extends IntervalPoint>(problem: IntervalProblem<Point>, points: Point[], point: Point): Point {
  const kinks = (problem.kinksNear?.(point) ?? [])
    .filter((x) => x > problem.low && x < problem.high && x !== point.x)
    .map((x) => problem.at(x));
  points.push(...kinks);
  return bestOf([point, ...kinks]);
}

function bounded<Point extends IntervalPoint>(
  problem: IntervalProblem<Point>,
  left: Point,
  right: Point,
): Piece<Point> {
  const h = right.x - left.x;
  const curvature = problem.concaveCurvature?.(left.x, right.x) ?? 0;
  const excess = h * (left.slopeAbove - right.slopeBelow) + (h * h * curvature) / 2;
  const rise = right.value - left.value;
  const ends = Math.max(left.value, right.value);
  if (!(excess > Math.abs(rise))) return { left, right, bound: ends };
  const t = 0.5 + rise / (2 * excess);
  return { left, right, bound: left.value + t * rise + t * (1 - t) * excess };
}

/** Moves from the best point found to where the derivative changes sign between that point's neighbours. */
function polished<Point extends IntervalPoint>(
  problem: IntervalProblem<Point>,
  points: readonly Point[],
  best: Point,
  size: number,
): Point {
  const lower = points.filter((point) => point.x < best.x).reduce<Point | undefined>(rightmost, undefined);
  const higher = points.filter((point) => point.x > best.x).reduce<Point | undefined>(leftmost, undefined);
  if (lower === undefined || higher === undefined) return best;
  const above = problem.derivative(best);
  const below = above - best.slopeAbove + best.slopeBelow;
  if (above <= 0 && below >= 0) return best;
  const result = above > 0 ? signChange(problem, best, higher) : signChange(problem, lower, best);
  // Apart from rounding, the sign change is at least as good, unless F has another kink.
  return result.value >= best.value - 4e-15 * size ? result : best;
}

const rightmost = <Point extends IntervalPoint>(a: Point | undefined, b: Point): Point =>
  a === undefined || b.x > a.x ? b : a;
const leftmost = <Point extends IntervalPoint>(a: Point | undefined, b: Point): Point =>
  a === undefined || b.x < a.x ? b : a;

/**
 * Where dF/dx falls through 0 between two points: secant steps, every third one a bisection so that the search also
 * ends at kinks.
 */
function signChange<Point extends IntervalPoint>(problem: IntervalProblem<Point>, left: Point, right: Point): Point {
  let [low, high] = [left.x, right.x];
  let [slopeLow, slopeHigh] = [problem.derivative(left), problem.derivative(right)];
  let result = left;
  for (let step = 1; high - low > 4e-16 * problem.high && step < 200; step++) {
    const secant = low + ((high - low) * slopeLow) / (slopeLow - slopeHigh);
    const isUsable = step % 3 !== 0 && secant > low && secant < high;
    const middle = problem.at(isUsable ? secant : (low + high) / 2);
    if (middle.x <= low || middle.x >= high) break;
    const slope = problem.derivative(middle);
    result = middle;
    if (slope === 0) break;
    if (slope > 0) [low, slopeLow, slopeHigh] = [middle.x, slope, slopeHigh / 2];
    else [high, slopeHigh, slopeLow] = [middle.x, slope, slopeLow / 2];
  }
  return result;
}
