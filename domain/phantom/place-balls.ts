import { DomainError } from '../domain-error.js';
import { formatShape, perAxis, type Grid, type Triple } from '../image/grid.js';
import type { RandomStream } from '../random/random-stream.js';
import { distance, type Ball } from './ball.js';

/** Number of restarts, and of draws per ball in each of them, before giving up. */
const layouts = 200;
const draws = 200;

/**
 * Random centres (in voxels) for the balls, in order. Each ball lies wholly inside the image, and any two are at least
 * two pixels apart (2D) or two of the largest voxel edge (3D), so that neither block averaging nor resampling merges
 * them. Throws ARGUMENT_INVALID if they do not fit, or fit so tightly that no draw succeeds.
 */
export function placeBalls(grid: Grid, balls: readonly Ball[], random: RandomStream): Triple[] {
  const gap = 2 * Math.max(...grid.spacingMm);
  for (let layout = 0; layout < layouts; layout++) {
    const centres = tryLayout({ grid, balls, gap }, random);
    if (centres !== undefined) return centres;
  }
  const radii = balls.map(({ radius }) => radius).join(', ');
  throw new DomainError(
    'ARGUMENT_INVALID',
    `cannot place discs or balls of radius ${radii} with gaps of ${gap} in ${formatShape(grid.shape)}; enlarge the image or reduce the radii`,
  );
}

function tryLayout(
  { grid, balls, gap }: { grid: Grid; balls: readonly Ball[]; gap: number },
  random: RandomStream,
): Triple[] | undefined {
  const placed: { centre: Triple; radius: number }[] = [];
  for (const { radius, reach } of balls) {
    const room = perAxis((axis) => grid.shape[axis] - 2 * reach[axis]);
    if (Math.min(...room) < 1) return undefined;
    let centre: Triple | undefined;
    for (let draw = 0; draw < draws && centre === undefined; draw++) {
      const drawn = perAxis((axis) => reach[axis] + random.integerBelow(room[axis]));
      const free = placed.every((other) => distance(drawn, other.centre, grid) >= radius + other.radius + gap);
      if (free) centre = drawn;
    }
    if (centre === undefined) return undefined;
    placed.push({ centre, radius });
  }
  return placed.map(({ centre }) => centre);
}
