import { perAxis, type Triple } from '../../image/grid.js';

/**
 * The area in mm² of a mask's surface within each possible cell: the cuboid between the centres of 2×2×2 neighbouring voxels.
 * A cell's code has bit x + 2y + 4z where the voxel at (x, y, z) of the eight is inside.
 *
 * The surface crosses each edge between a voxel inside and one outside at its middle. On a face where it crosses all four
 * edges, it separates the voxels of the kind (inside or outside) of which the cell has fewer; with four of each, those
 * inside. It then consists of closed loops. Each is filled with triangles such that their area in a cell of edge 1 is
 * largest; where several fillings have that area, they have the same in cells of any edges.
 *
 * This derives, from these rules, the areas of the marching-cubes table of google-deepmind/surface-distance.
 */
export function surfaceAreasMm2(spacingMm: Triple): Float64Array {
  const areas = new Float64Array(256);
  for (let code = 1; code < 255; code++) {
    for (const loop of loopsOf(code)) {
      for (const [a, b, c] of largestFilling(loop))
        areas[code] = (areas[code] ?? 0) + triangleArea([a, b, c], spacingMm);
    }
  }
  return areas;
}

/**
 * The length in mm of a 2D mask's contour within each cell between 2×2 pixels; the code has bit x + 2y where the pixel at
 * (x, y) is inside. The contour crosses edges at their middles: it runs straight between two pairs, and cuts off a corner
 * that differs from its neighbours.
 */
export function contourLengthsMm([stepX, stepY]: readonly [number, number, ...number[]]): Float64Array {
  const lengths = new Float64Array(16).fill(Math.hypot(stepX, stepY) / 2);
  lengths[0b0000] = lengths[0b1111] = 0;
  lengths[0b0011] = lengths[0b1100] = stepX;
  lengths[0b0101] = lengths[0b1010] = stepY;
  lengths[0b0110] = lengths[0b1001] = Math.hypot(stepX, stepY); // two corners
  return lengths;
}

type Triangle = readonly [Triple, Triple, Triple];

const corners = Array.from({ length: 8 }, (_, bit): Triple => [bit & 1, (bit >> 1) & 1, bit >> 2]);

/** The corners of each face, by their bits and in order around it. */
const faces = [1, 2, 4].flatMap((normal) => {
  const [u = 0, v = 0] = [1, 2, 4].filter((bit) => bit !== normal);
  return [0, normal].map((at) => [at, at + u, at + u + v, at + v]);
});

function loopsOf(code: number): Triple[][] {
  const isInside = (bit: number): boolean => ((code >> bit) & 1) === 1;
  const inside = corners.filter((_, bit) => isInside(bit)).length;
  const separated = inside <= 4; // the kind of voxels that is separated: inside, or outside
  const neighbours = new Map<string, Triple[]>();
  const join = (one: Triple, other: Triple): void => {
    neighbours.set(String(one), [...(neighbours.get(String(one)) ?? []), other]);
    neighbours.set(String(other), [...(neighbours.get(String(other)) ?? []), one]);
  };
  for (const face of faces) {
    const edges = face.map((bit, at) => ({ from: bit, to: face[(at + 1) % 4] ?? bit }));
    const crossed = edges.filter(({ from, to }) => isInside(from) !== isInside(to));
    const [first, second] = crossed;
    if (crossed.length === 2 && first !== undefined && second !== undefined) join(middle(first), middle(second));
    if (crossed.length < 4) continue;
    edges.forEach((edge, at) => {
      if (isInside(edge.from) === separated) join(middle(edges[(at + 3) % 4] ?? edge), middle(edge));
    });
  }
  return ringsOf(neighbours);
}

function middle({ from, to }: { readonly from: number; readonly to: number }): Triple {
  const [one, other] = [corners[from], corners[to]];
  return perAxis((axis) => ((one?.[axis] ?? NaN) + (other?.[axis] ?? NaN)) / 2);
}

/** The closed rings of a graph in which each point has two neighbours. */
function ringsOf(neighbours: ReadonlyMap<string, readonly Triple[]>): Triple[][] {
  const seen = new Set<string>();
  const unseenFrom = (points: readonly Triple[]): Triple | undefined =>
    points.find((point) => !seen.has(String(point)));
  const rings: Triple[][] = [];
  for (const around of neighbours.values()) {
    const ring: Triple[] = [];
    for (let point = unseenFrom(around); point !== undefined; point = unseenFrom(neighbours.get(String(point)) ?? [])) {
      seen.add(String(point));
      ring.push(point);
    }
    if (ring.length > 0) rings.push(ring);
  }
  return rings;
}

/** The triangles that fill a loop of at most six points with the largest area in a cell of edge 1. */
function largestFilling(loop: readonly Triple[]): readonly Triangle[] {
  const areaOf = (filling: readonly Triangle[]): number =>
    filling.reduce((sum, triangle) => sum + triangleArea(triangle, [1, 1, 1]), 0);
  return fillingsOf(loop).reduce((best, other) => (areaOf(other) > areaOf(best) + 1e-9 ? other : best));
}

/** Every way to fill a polygon with triangles: the side between its ends belongs to one, which leaves two polygons. */
function fillingsOf(polygon: readonly Triple[]): Triangle[][] {
  const [first, last] = [polygon[0], polygon.at(-1)];
  if (first === undefined || last === undefined || polygon.length < 3) return [[]];
  return polygon.slice(1, -1).flatMap((apex, index) => {
    const triangle: Triangle = [first, apex, last];
    const right = fillingsOf(polygon.slice(index + 1));
    return fillingsOf(polygon.slice(0, index + 2)).flatMap((one) => right.map((other) => [triangle, ...one, ...other]));
  });
}

function triangleArea([a, b, c]: Triangle, spacing: Triple): number {
  const [u, v] = [b, c].map((point) => perAxis((axis) => (point[axis] - a[axis]) * spacing[axis])) as [Triple, Triple];
  return Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2;
}
