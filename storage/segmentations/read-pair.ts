import { DomainError } from '../../domain/domain-error.js';
import type { ScoredPair } from '../../domain/evaluate/segmentation/score-segmentation.js';
import { isSheared } from '../../domain/evaluate/segmentation/segmentation-metrics.js';
import { segmentationOf, type StoredSegmentation } from '../../domain/evaluate/segmentation/stored-segmentation.js';
import { defaultGridTolerance } from '../../domain/image/affine.js';
import { valuesText, type LabelRule } from '../../domain/preprocess/mask/structure-of.js';
import { valuesOnto } from '../../domain/preprocess/one-geometry.js';
import { pictureEnding, readImage } from '../images/image-files.js';
import type { FilePair } from './paired-files.js';

export interface ReadPair extends ScoredPair {
  readonly kind: StoredSegmentation['kind'];
  /** Whether the truth has values above 0, but none of what `rule` selects. */
  readonly truthIsOfOthers: boolean;
  /** What a user should know about how the files were read. */
  readonly remarks: readonly string[];
}

/**
 * Reads a prediction and its truth, and brings the prediction onto the truth's grid by permuting and flipping axes.
 * `rule` selects the structure of masks, as in `segmentationOf`.
 *
 * Throws IMAGE_GEOMETRY_MISMATCH, naming the distance and a remedy, if the voxels do not lie at the same places: a prediction
 * is never resampled silently, which would change what is measured. Other errors as in `readImage` and `segmentationOf`, and
 * IMAGE_SHAPE_MISMATCH for files with several images.
 */
export async function readPair(
  { prediction, truth }: Pick<FilePair, 'prediction' | 'truth'>,
  rule: LabelRule | undefined,
): Promise<ReadPair> {
  const remarks: string[] = [];
  const read = async (source: string): Promise<StoredSegmentation & { readonly isOfOthers: boolean }> => {
    const onRemark = (remark: string): void => void remarks.push(`${source}: ${remark}`);
    const [image, ...more] = await readImage(source, { isMask: true, onRemark });
    if (image === undefined || more.length > 0) {
      const message = `${source}: expected one image, but the file has ${more.length + 1}; save the structure's in a file of its own`;
      throw new DomainError('IMAGE_SHAPE_MISMATCH', message, { path: source });
    }
    const found = segmentationOf(image, { source, rule });
    const isOfOthers = found.kind === 'mask' && rule !== undefined && isOnlyOther(image.values, found.values);
    if (isOfOthers) {
      remarks.push(
        `${source}: no value is ${ruleText(rule)}, as --label asks; it has the values ${valuesText(image.values)}`,
      );
    }
    return { ...found, isOfOthers };
  };
  const { grid, values, isOfOthers: truthIsOfOthers } = await read(truth);
  const { kind, ...predicted } = await read(prediction);
  if (isSheared(grid)) remarks.push(`${truth}: surface distances are not measured on sheared axes`);
  const how = kind === 'mask' ? ' --mask' : '';
  const onTruth = valuesOnto(
    { source: truth, grid },
    { source: prediction, ...predicted },
    {
      toleranceVoxels: defaultGridTolerance,
      limit: `at most ${defaultGridTolerance} is allowed`,
      remedy: `"volbias resample PREDICTION OUT${how} --like TRUTH" brings a prediction onto the grid of its truth`,
    },
  );
  const own = { truth: values, predicted: onTruth.values, kind, truthIsOfOthers, remarks };
  return { grid, isPicture: pictureEnding.test(truth), ...own };
}

function ruleText({ anyOf, greaterThan = 0 }: LabelRule): string {
  return anyOf?.join(' or ') ?? `above ${greaterThan}`;
}

/** Whether the mask is empty although values are above 0. */
function isOnlyOther(stored: ArrayLike<number>, mask: ArrayLike<number>): boolean {
  let isAny = false;
  for (let i = 0; i < stored.length; i++) {
    if (mask[i] === 1) return false;
    if ((stored[i] as number) > 0) isAny = true; // in range
  }
  return isAny;
}
