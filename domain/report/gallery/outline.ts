import { contours } from 'd3-contour';

/** Predictions near the threshold are specks: outlines of fewer pixels would hide what they are about. */
export const leastOutlined = 4;

/**
 * The outline of where values are above the level, as an SVG path in pixels: a pixel's centre is at its column and row plus
 * one half. Values between pixel centres are interpolated linearly. Parts and holes of fewer than `leastPixels` are left
 * out. Empty if nothing is above.
 */
export function outlinePath(
  values: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  { level, leastPixels = 0 }: { readonly level: number; readonly leastPixels?: number },
): string {
  const { coordinates } = contours().size([width, height]).contour(Array.from(values), level);
  return coordinates
    .flat()
    .filter((ring) => enclosedArea(ring) >= leastPixels)
    .map(
      (ring) =>
        `M${ring
          .slice(0, -1)
          .map((point) => point.map(rounded).join(' '))
          .join('L')}Z`,
    )
    .join('');
}

/** Of a ring that ends where it begins, by the shoelace formula. */
function enclosedArea(ring: readonly (readonly number[])[]): number {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[fromX = 0, fromY = 0] = [], [toX = 0, toY = 0] = []] = [ring[i - 1], ring[i]];
    twice += fromX * toY - toX * fromY;
  }
  return Math.abs(twice) / 2;
}

function rounded(value: number): string {
  return String(Number(value.toFixed(2)));
}
