import type { Triple } from '../../image/grid.js';
import { squaredDistances } from './squared-distances.js';
import type { BoxedMasks } from './structure-box.js';
import { contourLengthsMm, surfaceAreasMm2 } from './surface-areas.js';

/** How far the surfaces of two masks are apart. Null where only one of the masks has a surface. */
export interface SurfaceDistances {
  /** The larger of the two directions' 95th percentiles of distance, in mm, ≥ 0. */
  readonly hausdorff95Mm: number | null;
  /** Mean distance over both surfaces, in mm, ≥ 0. */
  readonly averageSurfaceDistanceMm: number | null;
  /** Share of both surfaces that lies within the tolerance of the other, in [0, 1]. */
  readonly normalisedSurfaceDice: number;
}

interface SurfaceQuestion {
  readonly dimensions: 2 | 3;
  /** Along perpendicular axes. */
  readonly spacingMm: Triple;
  readonly toleranceMm: number;
}

/** Rounding in single-precision headers must not decide whether a distance of ten voxels is within ten voxels. */
const toleranceSlack = 1 + 1e-6;

/**
 * Distances between the surfaces of two masks, in the convention of google-deepmind/surface-distance (Nikolov et al. 2021):
 * surfaces are measured by their area (2D: contours by their length). A surface element lies in the middle of each 2×2×2
 * neighbouring voxels that are not all inside or all outside, with the area of `surfaceAreasMm2`; its distance is that to the
 * nearest element of the other surface. What lies outside the image counts as outside the structure.
 *
 * A percentile is the smallest distance that at least 95 % of a surface's area do not exceed. The average is
 * (Σ a d over both surfaces) / (Σ a), so a larger surface counts more. An average over voxels at the border, as in MedPy and
 * MONAI, differs, the more so the less cubic the voxels are.
 *
 * Both masks empty (`masks` undefined): distances 0 and surface Dice 1, for there is nothing apart. One empty: distances null,
 * for no number is the distance to nothing, and surface Dice 0.
 */
export function surfaceDistances(masks: BoxedMasks | undefined, question: SurfaceQuestion): SurfaceDistances {
  if (masks === undefined) return { hausdorff95Mm: 0, averageSurfaceDistanceMm: 0, normalisedSurfaceDice: 1 };
  const { dimensions, spacingMm, toleranceMm } = question;
  const shape = cellsOf(masks.shape, dimensions);
  const areas = dimensions === 2 ? contourLengthsMm(spacingMm) : surfaceAreasMm2(spacingMm);
  const truth = surfaceCodes(masks.truth, masks.shape, shape);
  const predicted = surfaceCodes(masks.predicted, masks.shape, shape);
  const place = { shape, spacingMm };
  const fromTruth = areaByDistance(truth, squaredDistances({ seeds: predicted, asked: truth, ...place }), areas);
  const fromPredicted = areaByDistance(
    predicted,
    squaredDistances({ seeds: truth, asked: predicted, ...place }),
    areas,
  );
  if (fromTruth.length === 0 || fromPredicted.length === 0) {
    return { hausdorff95Mm: null, averageSurfaceDistanceMm: null, normalisedSurfaceDice: 0 };
  }
  const both = [...fromTruth, ...fromPredicted];
  const within = both.filter(({ distanceMm }) => distanceMm <= toleranceMm * toleranceSlack);
  return {
    hausdorff95Mm: Math.max(percentile95(fromTruth), percentile95(fromPredicted)),
    averageSurfaceDistanceMm: both.reduce((sum, { distanceMm, area }) => sum + distanceMm * area, 0) / areaOf(both),
    normalisedSurfaceDice: areaOf(within) / areaOf(both),
  };
}

/** Cells lie between voxels and around them. A 2D image has one layer of them. */
function cellsOf([x, y, z]: Triple, dimensions: 2 | 3): Triple {
  return [x + 1, y + 1, dimensions === 2 ? 1 : z + 1];
}

/** Each cell's code as `surfaceAreasMm2` has it (2D: `contourLengthsMm`), but 0 also for a cell that is all inside. */
function surfaceCodes(mask: Uint8Array, [sizeX, sizeY, sizeZ]: Triple, cells: Triple): Uint8Array {
  const codes = new Uint8Array(cells[0] * cells[1] * cells[2]);
  const outside = new Uint8Array(sizeX);
  const rowAt = (y: number, z: number): Uint8Array => {
    if (y < 0 || y >= sizeY || z < 0 || z >= sizeZ) return outside;
    return mask.subarray(sizeX * (y + sizeY * z), sizeX * (y + 1 + sizeY * z));
  };
  const isFlat = cells[2] === 1;
  const allInside = isFlat ? 0b1111 : 0b11111111;
  for (let z = 0, index = 0; z < cells[2]; z++) {
    for (let y = 0; y < cells[1]; y++) {
      // The cell lies between these rows of voxels, in a 2D image between the first two.
      const [before, after] = isFlat ? [0, 1] : [z - 1, z];
      const [one, two, three, four] = [rowAt(y - 1, before), rowAt(y, before), rowAt(y - 1, after), rowAt(y, after)];
      let last = 0;
      for (let x = 0; x < sizeX; x++, index++) {
        const next = // in range
          (one[x] as number) | ((two[x] as number) << 2) | ((three[x] as number) << 4) | ((four[x] as number) << 6);
        const code = last | (next << 1);
        last = next;
        if (code !== allInside) codes[index] = code;
      }
      codes[index++] = last;
    }
  }
  return codes;
}

interface AreaAtDistance {
  readonly distanceMm: number;
  readonly area: number;
}

/** The area at each distance, in ascending order: distances between cells have few different values. */
function areaByDistance(codes: Uint8Array, squares: Float64Array, areas: Float64Array): AreaAtDistance[] {
  const places = new Map<number, number>();
  const sums: number[] = [];
  // Asking the map once a cell would take most of the time: small squares have their last place by their size.
  const lastSquares = new Float64Array(lastPlaces).fill(NaN);
  const lastIndices = new Int32Array(lastPlaces);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number; // in range, as are the others
    if (code === 0) continue;
    const square = squares[i] as number;
    const last = (square * 8) & (lastPlaces - 1);
    if (lastSquares[last] !== square) {
      let index = places.get(square);
      if (index === undefined) places.set(square, (index = sums.push(0) - 1));
      lastSquares[last] = square;
      lastIndices[last] = index;
    }
    const index = lastIndices[last] as number;
    sums[index] = (sums[index] as number) + (areas[code] as number);
  }
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([square, index]) => ({ distanceMm: Math.sqrt(square), area: sums[index] as number }));
}

/** A power of 2. */
const lastPlaces = 2048;

function percentile95(ascending: readonly AreaAtDistance[]): number {
  // A share of 95 % must not be missed by the rounding of sums.
  const wanted = 0.95 * areaOf(ascending) * (1 - 1e-12);
  let sum = 0;
  for (const { distanceMm, area } of ascending) {
    sum += area;
    if (sum >= wanted) return distanceMm;
  }
  return ascending.at(-1)?.distanceMm ?? NaN;
}

function areaOf(elements: readonly AreaAtDistance[]): number {
  return elements.reduce((sum, { area }) => sum + area, 0);
}
