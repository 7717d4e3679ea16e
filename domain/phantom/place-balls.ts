import { DomainError } from '../domain-error.js';
import { formatShape, perAxis, type Grid, type Triple } from '../image/grid.js';
import type { RandomStream } from '../random/random-stream.js';
import { distance, type Ball } from './ball.js';

/** Fresh starts, and draws for each ball in each of them, before giving up. */
const layouts = 200;
const draws = 200;

/**
 * Random centres (voxels) for the balls, in their order: each wholly inside the image, and between any two of them a
 * gap of at least two pixels (2D), or two of the largest voxel edge (3D), so that neither averaging blocks of pixels nor
 * resampling blends one into another. ARGUMENT_INVALID if they do not fit, or so tightly that no draw finds a place.
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
    `no place found in ${formatShape(grid.shape)} for discs or balls of radius ${radii} with gaps of ${gap}; make the image larger or them smaller`,
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
