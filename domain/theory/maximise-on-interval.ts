/** A function of x as convex part + concave envelope K, at one x. */
export interface IntervalPoint {
  readonly x: number;
  readonly value: number;
  /** A supergradient of K at x that bounds K to the left, and one to the right; slopeBelow ≥ slopeAbove. */
  readonly slopeBelow: number;
  readonly slopeAbove: number;
}

/**
 * F(x) = c(x) + K(g(x), x) on [low, high], with c and each component of g convex, and K convex and growing in g and
 * concave in x: the best value of a linear or concave programme whose resource is x. `concaveCurvature` bounds −F″ of
 * whatever part of c is not convex.
 */
export interface IntervalProblem<Point extends IntervalPoint> {
  readonly low: number;
  readonly high: number;
  at(x: number): Point;
  /** dF/dx from the right. */
  derivative(point: Point): number;
  concaveCurvature?(low: number, high: number): number;
}

export interface IntervalMaximum<Point> {
  readonly point: Point;
  /** False where the work allowed ran out before the bound closed. */
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
 * The global maximum of F, by branch and bound: with t the place within a piece of width h,
 * F ≤ chord(t) + t (1 − t) (h (slopeAbove_left − slopeBelow_right) + h² curvature / 2), because K at the left end's g
 * lies below its tangent, at the right end's below its own, and is convex in g. The bound closes quadratically, so
 * some hundred evaluations prove the value to 1e-13; a bisection of the derivative then gives the place to rounding.
 */
export function maximiseOnInterval<Point extends IntervalPoint>(
  problem: IntervalProblem<Point>,
): IntervalMaximum<Point> {
  const width = problem.high - problem.low;
  const points = Array.from({ length: initialPieces + 1 }, (_, i) =>
    problem.at(i === initialPieces ? problem.high : problem.low + (width * i) / initialPieces),
  );
  let best = points.reduce((a, b) => (b.value > a.value ? b : a));
  let pieces = points.slice(1).map((right, i) => bounded(problem, points[i] as Point, right));
  let certified = false;
  for (;;) {
    const margin = tolerance * Math.max(1, Math.abs(best.value));
    pieces = pieces.filter(
      (piece) => piece.bound > best.value + margin && piece.right.x - piece.left.x > 1e-15 * width,
    );
    certified = pieces.length === 0;
    if (certified || points.length >= maxEvaluations) break;
    // All open pieces are halved: they are few, and the order would only save a constant.
    const halves: Piece<Point>[] = [];
    for (const { left, right } of pieces) {
      const middle = problem.at((left.x + right.x) / 2);
      points.push(middle);
      if (middle.value > best.value) best = middle;
      halves.push(bounded(problem, left, middle), bounded(problem, middle, right));
    }
    pieces = halves;
  }
  return { point: polished(problem, points, best), certified };
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

/** Moves from the best point found to where the derivative changes its sign between that point's neighbours. */
function polished<Point extends IntervalPoint>(
  problem: IntervalProblem<Point>,
  points: readonly Point[],
  best: Point,
): Point {
  let low = Math.max(problem.low, ...points.map((point) => (point.x < best.x ? point.x : problem.low)));
  let high = Math.min(problem.high, ...points.map((point) => (point.x > best.x ? point.x : problem.high)));
  if (low === best.x || high === best.x) return best;
  let result = best;
  while (high - low > 4e-16 * problem.high) {
    const middle = problem.at((low + high) / 2);
    if (middle.x <= low || middle.x >= high) break;
    if (problem.derivative(middle) > 0) low = middle.x;
    else high = middle.x;
    result = middle;
  }
  // Rounding apart the sign change is at least as good; where F is kinked elsewhere, it need not be.
  return result.value >= best.value - 4e-15 * Math.max(1, Math.abs(best.value)) ? result : best;
}
