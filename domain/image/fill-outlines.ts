import { DomainError } from '../domain-error.js';
import { voxelCount, type Grid, type LabelMap } from './grid.js';

/** Corners of a closed outline, [x, y] in pixels; the centre of the first pixel is at (0, 0). */
export type Outline = readonly (readonly [number, number])[];

/**
 * The pixels whose centres lie inside at least one of the outlines. Each outline follows the even-odd rule; a centre on
 * a left or upper edge is inside, on a right or lower edge outside, so that adjacent outlines share no pixel. Outlines
 * are clipped at the image border. Throws ARGUMENT_INVALID for a grid with several slices.
 */
export function fillOutlines(outlines: readonly Outline[], grid: Grid): LabelMap {
  const [width, height, depth] = grid.shape;
  if (depth !== 1)
    throw new DomainError('ARGUMENT_INVALID', `outlines need a 2D image, but this one has ${depth} slices`);
  const values = new Uint8Array(voxelCount(grid.shape));
  for (const outline of outlines) {
    for (let y = 0; y < height; y++) {
      const crossings = crossingsOf(outline, y);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const first = Math.max(0, Math.ceil(crossings[pair] ?? NaN));
        const end = Math.min(width, Math.ceil(crossings[pair + 1] ?? NaN));
        if (end > first) values.fill(1, first + width * y, end + width * y);
      }
    }
  }
  return { grid, values };
}

/** x positions where the outline crosses the row, in ascending order. */
function crossingsOf(outline: Outline, y: number): number[] {
  const crossings: number[] = [];
  for (const [index, [x1, y1]] of outline.entries()) {
    const [x2, y2] = outline[(index + 1) % outline.length] ?? [x1, y1];
    // Half-open, so that a corner on the row counts once if the line passes through and not at all if it turns back.
    if (y1 <= y === y2 <= y) continue;
    crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return crossings.sort((a, b) => a - b);
}
