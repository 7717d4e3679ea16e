import { gridOfHeader, type VoxelHeader } from '../../domain/formats/headers/image-header.js';
import type { NiftiExtensions } from '../../domain/formats/nifti-extensions.js';
import { niftiGrid } from '../../domain/formats/nifti-header.js';
import type { NiftiDataType } from '../../domain/formats/nifti-types.js';
import { shearDegrees, voxelVolumeMm3 } from '../../domain/image/affine.js';
import type { Affine, Grid } from '../../domain/image/grid.js';
import { orientationCode } from '../../domain/image/orientation.js';
import { ValueTally, type ValueSummary } from '../../domain/image/value-tally.js';
import { niftiEnding, pictureEnding, pictureGrid } from './image-files.js';
import { imagePlace, nonNiftiEnding } from './image-place.js';
import { forEachNiftiBlock, readNiftiExtensions } from './nifti-files.js';
import { readPicture } from './picture-files.js';
import { unsupportedFile } from './unsupported-file.js';
import { eachVoxelBlock } from './voxel-data.js';

type Row = readonly [number, number, number, number];

/** An image's header and value statistics; null for fields that the format lacks. */
export interface FileDescription extends NiftiExtensions {
  /** [x, y, z] or [x, y, z, channels]; omits axes of length 1 beyond the third. */
  readonly shape: readonly number[];
  /** Lengths of the affine's columns; null for pictures. */
  readonly spacingMm: readonly number[] | null;
  /** |det| of the affine; less than the product of the spacings if the axes are sheared. Null for pictures. */
  readonly voxelVolumeMm3: number | null;
  /** By how much the angle between two axes differs from a right angle; null for pictures. */
  readonly shearDegrees: number | null;
  readonly dataType: NiftiDataType;
  readonly byteOrder: 'little' | 'big' | null;
  /** Voxel index to RAS+ mm. */
  readonly affine: readonly [Row, Row, Row, Row];
  readonly orientation: string | null;
  readonly sformCode: number | null;
  readonly qformCode: number | null;
  /** Largest distance between the positions that sform and qform give to a voxel; null if there are not both. */
  readonly formsApartMm: number | null;
  readonly slope: number;
  readonly intercept: number;
  /** Of the finite values. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Number of voxels that are NaN or infinite, followed by the number of each. */
  readonly nonFinite: number;
  readonly nan: number;
  readonly infinite: number;
  /** Only for images that look like masks: the voxel count and the volume in ml (null for pictures) of each value. */
  readonly maskValues?: readonly {
    readonly value: number;
    readonly voxels: number;
    readonly volumeMl: number | null;
  }[];
}

/** Reads a whole file and describes it. Holds at most one block of a NIfTI file's voxels in memory. */
export async function inspectFile(path: string): Promise<FileDescription> {
  if (pictureEnding.test(path)) return inspectPicture(path);
  if (niftiEnding.test(path)) return inspectNifti(path);
  if (nonNiftiEnding.test(path)) return inspectNonNifti(path);
  throw await unsupportedFile(path);
}

async function inspectNifti(path: string): Promise<FileDescription> {
  const tally = new ValueTally();
  const header = await forEachNiftiBlock(path, (values) => {
    tally.add(values);
  });
  return {
    ...gridFields(header, niftiGrid(header), tally),
    sformCode: header.sformCode,
    qformCode: header.qformCode,
    formsApartMm: header.formsApartMm,
    ...(await readNiftiExtensions(path, header)),
  };
}

async function inspectNonNifti(path: string): Promise<FileDescription> {
  const tally = new ValueTally();
  const place = await imagePlace(path);
  await eachVoxelBlock(place, (values) => {
    tally.add(values);
  });
  const { header } = place;
  return { ...gridFields(header, gridOfHeader(header), tally), ...noNiftiFields };
}

function gridFields(header: VoxelHeader, grid: Grid, tally: ValueTally) {
  const { shape, spacingMm, affine } = grid;
  const volumeMm3 = voxelVolumeMm3(grid);
  return {
    shape: header.channels > 1 ? [...shape, header.channels] : shape,
    spacingMm,
    voxelVolumeMm3: volumeMm3,
    shearDegrees: shearDegrees(affine),
    dataType: header.dataType,
    byteOrder: header.littleEndian ? ('little' as const) : ('big' as const),
    affine: square(affine),
    orientation: orientationCode(affine),
    slope: header.slope,
    intercept: header.intercept,
    ...valuesOf(tally.summary(), volumeMm3 / 1000),
  };
}

async function inspectPicture(path: string): Promise<FileDescription> {
  const { width, height, bits, values } = await readPicture(path);
  const tally = new ValueTally();
  tally.add(values);
  return {
    shape: [width, height, 1],
    spacingMm: null,
    voxelVolumeMm3: null,
    shearDegrees: null,
    dataType: bits === 16 ? 'uint16' : 'uint8',
    byteOrder: null,
    affine: square(pictureGrid(width, height).affine),
    orientation: null,
    slope: 1,
    intercept: 0,
    ...noNiftiFields,
    ...valuesOf(tally.summary(), null),
  };
}

const noNiftiFields = { sformCode: null, qformCode: null, formsApartMm: null, extensions: [] } as const;

function square(affine: Affine): FileDescription['affine'] {
  return [...affine, [0, 0, 0, 1]];
}

function valuesOf({ min, max, mean, nan, infinite, maskValues }: ValueSummary, voxelMl: number | null) {
  return {
    ...{ min, max, mean, nonFinite: nan + infinite, nan, infinite },
    ...(maskValues !== undefined && {
      maskValues: maskValues.map(({ value, voxels }) => ({
        value,
        voxels,
        volumeMl: voxelMl === null ? null : voxels * voxelMl,
      })),
    }),
  };
}
