import { DomainError } from '../../../domain/domain-error.js';
import { countValues } from '../../../domain/image/count-values.js';
import { readImage } from '../../images/image-files.js';
import type { CaseFiles } from '../case-files.js';

/** At most this many masks are read; of the other files only headers are. */
const mostMasksRead = 24;
/** An image with more different values is no mask of labels. */
const mostDifferent = 1000;

/** What some masks of a data set contain. Voxels that are NaN or infinite do not count. */
export interface MaskSurvey {
  readonly read: number;
  /** Each value, ascending, with the number of masks that have it and its voxels in all; undefined if there are over 1000. */
  readonly values: readonly MaskValue[] | undefined;
  readonly smallest: number;
  readonly largest: number;
  /** Whether all values are whole numbers. */
  readonly isWhole: boolean;
}

export interface MaskValue {
  readonly value: number;
  readonly masks: number;
  readonly voxels: number;
}

/** The masks of at most 24 cases, evenly spread over all. A mask that cannot be read is not counted. */
export async function surveyMasks(cases: readonly Pick<CaseFiles, 'label'>[]): Promise<MaskSurvey> {
  const count = Math.min(cases.length, mostMasksRead);
  const chosen = Array.from({ length: count }, (_, index) => cases[Math.floor((index * cases.length) / count)]);
  const found = new Map<number, { masks: number; voxels: number }>();
  let [read, smallest, largest, isWhole] = [0, Infinity, -Infinity, true];
  for (const own of chosen) {
    const images = own && (await readImage(own.label, { nonFinite: 'keep' }).catch(undefinedIfUnreadable));
    if (images === undefined) continue;
    read++;
    const counts = new Map<number, number>();
    for (const { values } of images) countValues(values, counts);
    for (const [value, voxels] of counts) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      if (!Number.isInteger(value)) isWhole = false;
      const before = found.get(value) ?? { masks: 0, voxels: 0 };
      found.set(value, { masks: before.masks + 1, voxels: before.voxels + voxels });
    }
  }
  const ascending = [...found].map(([value, own]) => ({ value, ...own })).sort((a, b) => a.value - b.value);
  return { read, smallest, largest, isWhole, values: ascending.length > mostDifferent ? undefined : ascending };
}

function undefinedIfUnreadable(error: unknown): undefined {
  if (error instanceof DomainError) return undefined;
  throw error;
}
