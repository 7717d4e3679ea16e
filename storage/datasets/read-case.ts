import type { DataSetConfig, PreprocessingConfig } from '../../configs/config-schema.js';
import { fillOutlines } from '../../domain/image/fill-outlines.js';
import type { LabelMap, StoredImage } from '../../domain/image/grid.js';
import { dimensionsOf } from '../../domain/preprocess/crop.js';
import type { PreprocessSettings, RawCase } from '../../domain/preprocess/preprocess-case.js';
import { asStored } from '../../domain/preprocess/mask/mask.js';
import { structureOf, type LabelRule } from '../../domain/preprocess/mask/structure-of.js';
import { validMargin, type Upsampling } from '../../domain/training/networks/network.js';
import type { SeenFiles } from '../files/seen-bytes.js';
import { readOneImage } from '../images/image-files.js';
import type { CaseFiles } from './case-files.js';
import { CaseRemarks, maskRemarks } from './case-remarks.js';

/** The data set's settings for reading and preparing the files of a case. */
export interface CaseReadingSettings extends Pick<
  DataSetConfig,
  'label' | 'nonFinite' | 'overrideSpacingMm' | 'gridToleranceVoxels' | 'volume'
> {
  readonly preprocessing: Omit<PreprocessingConfig, 'normalisation'>;
  /** Of the networks, which decides how much of the crop they predict. */
  readonly upsampling: Upsampling;
}

export interface ReadCase extends RawCase {
  /** Number of NaN or infinite voxels that were set to 0, over all files of the case. */
  readonly nonFiniteVoxels: number;
  /** The values of `label.anyOf` that the mask has. */
  readonly structureValues: readonly number[];
}

export interface CaseReadOptions {
  /** Is told what is read of images and masks. */
  readonly seen?: SeenFiles;
  /** Receives what is odd about files, also if another one cannot be read. */
  readonly remarks?: CaseRemarks;
}

/** What to read of a file. */
interface Selection {
  /** Which of its images: `channel` by the layout, `volume` by the config. */
  readonly channel?: number | undefined;
  readonly volume?: number | undefined;
  readonly isMask?: boolean;
}

/**
 * Reads the files of a case by the data set's rules: the structure's label values, the treatment of NaN, and the
 * spacing if it is overridden. Errors name the file.
 */
export async function readCase(
  files: Pick<CaseFiles, 'images' | 'label' | 'labelOutlines'>,
  dataSet: CaseReadingSettings,
  { seen, remarks = new CaseRemarks() }: CaseReadOptions = {},
): Promise<ReadCase> {
  const { overrideSpacingMm: spacingMm } = dataSet;
  let nonFiniteVoxels = 0;
  let structureValues: readonly number[] = [];
  const read = (path: string, of: string, { channel, volume, isMask = false }: Selection): Promise<StoredImage> => {
    return readOneImage(path, {
      nonFinite: dataSet.nonFinite,
      onNonFinite: (count) => (nonFiniteVoxels += count),
      onRemark: (remark) => {
        remarks.add(remark, of);
      },
      ...(channel !== undefined && { channel }),
      ...{ volume, isMask },
      ...(spacingMm !== undefined && { spacingMm }),
      ...(seen !== undefined && { seen }),
    });
  };
  // Concurrently, so that zlib inflates one file while another's voxels are decoded. Throws the first error in order.
  const settled = await Promise.allSettled(
    files.images.map(async ({ modality, path, channel }): Promise<RawCase['images'][number]> => {
      return { modality, source: path, image: await read(path, modality, { channel, volume: dataSet.volume }) };
    }),
  );
  const images = settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  const map = async (): Promise<LabelMap> => {
    const grid = images[0]?.image.grid;
    if (files.labelOutlines !== undefined && grid !== undefined) return fillOutlines(files.labelOutlines, grid);
    const stored = await read(files.label, 'mask', { isMask: true });
    for (const remark of maskRemarks(files.label, stored, images)) remarks.add(remark, 'mask');
    structureValues = valuesAmong(stored, dataSet.label.anyOf ?? []);
    return structureOf(stored, { source: files.label, rule: ruleOf(dataSet.label) });
  };
  const label = { source: files.label, map: await map() };
  return { images, label, settings: preprocessSettings(dataSet), nonFiniteVoxels, structureValues };
}

function valuesAmong({ values }: StoredImage, wanted: readonly number[]): number[] {
  return wanted.filter((value) => values.includes(asStored(value, values)));
}

/** Undefined if the config does not say which values are the structure, so that the mask must be binary. */
function ruleOf({ greaterThan, equals, anyOf, allowed }: CaseReadingSettings['label']): LabelRule | undefined {
  const rule = { greaterThan, anyOf: equals === undefined ? anyOf : [equals], allowed };
  return Object.values(rule).every((part) => part === undefined) ? undefined : rule;
}

/** With the dimensions of the data set's images, which its crop tells. */
export function preprocessSettings({
  label,
  preprocessing,
  upsampling,
  gridToleranceVoxels,
}: Pick<CaseReadingSettings, 'label' | 'preprocessing' | 'upsampling' | 'gridToleranceVoxels'>): PreprocessSettings {
  const dimensions = dimensionsOf(preprocessing.crop);
  const margin = upsampling === 'valid' ? validMargin : 0;
  return { ...preprocessing, labelResampling: label.resampling, dimensions, margin, gridToleranceVoxels };
}
