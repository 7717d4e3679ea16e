import { voxelCount, type Triple } from '../image/grid.js';
import type { SpatialTransform } from './draw-augmentation.js';
import { rowShiftsInto, type ElasticField } from './elastic-field.js';

/**
 * For each voxel of one output row: the corner below its source position, and the source's fractional distance from it.
 */
interface RowSources {
  readonly cornerX: Int32Array;
  readonly cornerY: Int32Array;
  readonly cornerZ: Int32Array;
  readonly fractionX: Float64Array;
  readonly fractionY: Float64Array;
  readonly fractionZ: Float64Array;
}

function rowSources(length: number): RowSources {
  const integers = (): Int32Array => new Int32Array(length);
  const floats = (): Float64Array => new Float64Array(length);
  return {
    cornerX: integers(),
    cornerY: integers(),
    cornerZ: integers(),
    fractionX: floats(),
    fractionY: floats(),
    fractionZ: floats(),
  };
}

interface Row {
  readonly y: number;
  readonly z: number;
}

/** Elastic shifts of one row, by component; undefined without an elastic field. */
function elasticRow(field: ElasticField | undefined): ((row: Row) => readonly Float64Array[]) | undefined {
  if (field === undefined) return undefined;
  const buffers = [0, 1, 2].map(() => new Float64Array(field.points[0]));
  return (row) => {
    ([0, 1, 2] as const).forEach((component) => {
      rowShiftsInto(buffers[component] as Float64Array, field, { component, ...row });
    });
    return buffers;
  };
}

// The indices below are in range by construction, so elements are read `as number` instead of being checked in the
// loops.

/** The shift of voxel x in a row whose control points are already combined along y and z. */
function shiftAt(row: Float64Array, weightsX: Float64Array, x: number): number {
  let sum = 0;
  const start = x * row.length;
  for (let a = 0; a < row.length; a++) sum += (weightsX[start + a] as number) * (row[a] as number);
  return sum;
}

function sourcesInto(
  target: RowSources,
  shape: Triple,
  transform: SpatialTransform,
  row: Row,
  shifts?: readonly Float64Array[],
): void {
  const { matrix: m, translation, elastic } = transform;
  const [centreX, centreY, centreZ] = shape.map((size) => (size - 1) / 2) as [number, number, number];
  const dy = row.y - centreY - translation[1];
  const dz = row.z - centreZ - translation[2];
  const startX = centreX + m[1] * dy + m[2] * dz;
  const startY = centreY + m[4] * dy + m[5] * dz;
  const startZ = centreZ + m[7] * dy + m[8] * dz;
  for (let x = 0; x < shape[0]; x++) {
    const dx = x - centreX - translation[0];
    let sourceX = startX + m[0] * dx;
    let sourceY = startY + m[3] * dx;
    let sourceZ = startZ + m[6] * dx;
    if (elastic !== undefined && shifts !== undefined) {
      sourceX += shiftAt(shifts[0] as Float64Array, elastic.weights[0], x);
      sourceY += shiftAt(shifts[1] as Float64Array, elastic.weights[0], x);
      sourceZ += shiftAt(shifts[2] as Float64Array, elastic.weights[0], x);
    }
    const cornerX = Math.floor(sourceX);
    const cornerY = Math.floor(sourceY);
    const cornerZ = Math.floor(sourceZ);
    target.cornerX[x] = cornerX;
    target.cornerY[x] = cornerY;
    target.cornerZ[x] = cornerZ;
    target.fractionX[x] = sourceX - cornerX;
    target.fractionY[x] = sourceY - cornerY;
    target.fractionZ[x] = sourceZ - cornerZ;
  }
}

type Values = Float32Array | Uint8Array;

/** Linear interpolation along x from a row's start; neighbours outside the image count as 0. */
function alongX(values: Values, start: number, x: number, size: number, fraction: number): number {
  const low = x >= 0 && x < size ? (values[start + x] as number) : 0;
  if (fraction === 0) return low;
  const high = x >= -1 && x + 1 < size ? (values[start + x + 1] as number) : 0;
  return low + fraction * (high - low);
}

function interpolateRowInto(
  target: Float32Array,
  offset: number,
  values: Values,
  shape: Triple,
  sources: RowSources,
): void {
  const [sizeX, sizeY, sizeZ] = shape;
  const inPlane = (x: number, y: number, z: number, i: number): number => {
    const fraction = sources.fractionX[i] as number;
    const share = sources.fractionY[i] as number;
    const low = y >= 0 && y < sizeY ? alongX(values, sizeX * (y + sizeY * z), x, sizeX, fraction) : 0;
    if (share === 0) return low;
    const high = y >= -1 && y + 1 < sizeY ? alongX(values, sizeX * (y + 1 + sizeY * z), x, sizeX, fraction) : 0;
    return low + share * (high - low);
  };
  for (let i = 0; i < sizeX; i++) {
    const x = sources.cornerX[i] as number;
    const y = sources.cornerY[i] as number;
    const z = sources.cornerZ[i] as number;
    const share = sources.fractionZ[i] as number;
    const low = z >= 0 && z < sizeZ ? inPlane(x, y, z, i) : 0;
    if (share === 0) {
      target[offset + i] = low;
      continue;
    }
    const high = z >= -1 && z + 1 < sizeZ ? inPlane(x, y, z + 1, i) : 0;
    target[offset + i] = low + share * (high - low);
  }
}

/**
 * Transforms every map of one case, with one linear interpolation each; outside the image all maps are 0. Maps are
 * arrays of `shape`, x fastest.
 */
export function resampleMaps(
  maps: readonly Values[],
  shape: Triple,
  transform: SpatialTransform,
): readonly Float32Array[] {
  const results = maps.map(() => new Float32Array(voxelCount(shape)));
  const sources = rowSources(shape[0]);
  const shiftsOf = elasticRow(transform.elastic);
  for (let z = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      sourcesInto(sources, shape, transform, { y, z }, shiftsOf?.({ y, z }));
      const offset = shape[0] * (y + shape[1] * z);
      maps.forEach((values, index) => {
        interpolateRowInto(results[index] as Float32Array, offset, values, shape, sources);
      });
    }
  }
  return results;
}
