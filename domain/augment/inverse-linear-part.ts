import type { Triple } from '../image/grid.js';

/** A 3×3 matrix in row-major order. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

function product(a: Matrix3, b: Matrix3): Matrix3 {
  const entry = (row: number, column: number): number =>
    (a[3 * row] as number) * (b[column] as number) +
    (a[3 * row + 1] as number) * (b[column + 3] as number) +
    (a[3 * row + 2] as number) * (b[column + 6] as number);
  return [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => entry(row, column))) as unknown as Matrix3;
}

/** The inverse of rotations about x, y and z (in degrees, z last), followed by an isotropic scale and a flip of x. */
export function inverseLinearPart(options: {
  readonly anglesDegrees: Triple;
  readonly scale: number;
  readonly flipsX: boolean;
}): Matrix3 {
  const [x, y, z] = options.anglesDegrees.map((angle) => ({
    c: Math.cos(radians(angle)),
    s: Math.sin(radians(angle)),
  })) as [Rotation, Rotation, Rotation];
  // A rotation's inverse is its transpose; the inverse of a product reverses the factors.
  const aboutX: Matrix3 = [1, 0, 0, 0, x.c, x.s, 0, -x.s, x.c];
  const aboutY: Matrix3 = [y.c, 0, -y.s, 0, 1, 0, y.s, 0, y.c];
  const aboutZ: Matrix3 = [z.c, z.s, 0, -z.s, z.c, 0, 0, 0, 1];
  const stretch = 1 / options.scale;
  const flip = options.flipsX ? -stretch : stretch;
  return product(product(aboutX, product(aboutY, aboutZ)), [flip, 0, 0, 0, stretch, 0, 0, 0, stretch]);
}

interface Rotation {
  readonly c: number;
  readonly s: number;
}
