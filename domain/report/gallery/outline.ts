import { contours } from 'd3-contour';

/**
 * The outline of where values are above the level, as an SVG path in pixels: a pixel's centre is at its column and row plus
 * one half. Values between pixel centres are interpolated linearly. Empty if nothing is above.
 */
export function outlinePath(
  values: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  level: number,
): string {
  const { coordinates } = contours().size([width, height]).contour(Array.from(values), level);
  return coordinates
    .flat()
    .map(
      (ring) =>
        `M${ring
          .slice(0, -1)
          .map((point) => point.map(rounded).join(' '))
          .join('L')}Z`,
    )
    .join('');
}

function rounded(value: number): string {
  return String(Number(value.toFixed(2)));
}
