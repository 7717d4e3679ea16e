import { contours } from 'd3-contour';

/** Predictions near the threshold are specks: outlines of fewer pixels would hide what they are about. */
export const leastOutlined = 4;

/** Outlines have whole numbers, in this part of a pixel: noise has long ones, and a page has many of them. */
export const outlineStepsPerPixel = 10;

/**
 * The outline of where values are above the level, as an SVG path in tenths of a pixel: a pixel's centre is at its column and
 * row plus one half. Values between pixel centres are interpolated linearly. Parts and holes of fewer than `leastPixels` are
 * left out. Empty if nothing is above.
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
    .map(ringPath)
    .join('');
}

/** Begins at an absolute place and goes on by steps: `M105 50l10 0-5 10z`. */
function ringPath(ring: readonly (readonly number[])[]): string {
  const points = ring.slice(0, -1).map((point) => point.map((value) => Math.round(value * outlineStepsPerPixel)));
  const steps = points.slice(1).map(([x = 0, y = 0], index) => {
    const [fromX = 0, fromY = 0] = points[index] ?? [];
    return `${signed(x - fromX)}${signed(y - fromY)}`;
  });
  return `M${(points[0] ?? []).join(' ')}l${steps.join('').trimStart()}z`;
}

/** A minus sign separates a number from the one before, as a space does. */
function signed(step: number): string {
  return step < 0 ? String(step) : ` ${step}`;
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
