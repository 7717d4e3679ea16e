import { counted, firstTen, shortFloat } from '../../domain/report/words/format-number.js';
import { ruleOfValues } from '../../storage/datasets/ignored-label.js';
import type { Survey } from '../../storage/datasets/survey/survey-folder.js';
import type { MaskSurvey, MaskValue } from '../../storage/datasets/survey/survey-masks.js';

/** A mask with more different values may be one whose border is blurred, as by JPEG or anti-aliasing. */
const mostLabels = 16;
/** Values of at least this share of the largest are nearly as large. */
const nearlyLargest = 0.9;

/** The rule for the structure, and in comments what the masks contain; without a rule where only a person can tell. */
export function labelLines({ masks, dimensions, ignored }: Survey): string[] {
  const kept =
    dimensions === 3 ? ['      resampling: volumePreserving # masks keep their volume; linear: the paper’s way'] : [];
  const found = masks.read === 0 ? [] : [`    # Values of ${counted(masks.read, 'mask')}: ${valuesText(masks)}`];
  const lines = (rule: string, why: string): string[] => [...found, '    label:', `      ${rule} # ${why}`, ...kept];
  if (ignored !== undefined && ignored.labelled.length > 0) {
    const why = `what dataset.json labels; ${ignored.ignored} is its "ignore" and counts as outside`;
    return lines(ruleOfValues(ignored.labelled), why);
  }
  if (masks.read === 0) return lines('greaterThan: 0', 'no mask could be read; see volbias validate');
  if (areEmpty(masks))
    return lines('greaterThan: 0', 'none of these masks has such a voxel, so there is nothing to learn');
  if (isUnclear(masks)) {
    return [
      ...found,
      '    # Only you know which of them are the structure: write greaterThan: X, equals: X or anyOf: [X, Y] below.',
      '    # Until then, validate and run refuse masks with several values beside 0, and those without 0.',
      ...(kept.length > 0 ? ['    label:', ...kept] : ['    label: {}']),
    ];
  }
  const half = Number((masks.largest / 2).toPrecision(3));
  if (!masks.isWhole && masks.values?.length !== 2)
    return lines(`greaterThan: ${half}`, 'half of the largest: the masks have fractions');
  if (masks.values === undefined || isBlurred(masks.values, masks.largest)) {
    return lines(`greaterThan: ${half}`, 'half of the largest: the masks have a blurred border');
  }
  const structures = masks.values.filter(({ value }) => value > 0).length;
  const why =
    structures > 1
      ? 'all of them together are the structure; equals: X or anyOf: [X, Y] selects some'
      : 'the structure';
  return lines('greaterThan: 0', why);
}

/** Whether masks were read and none has a voxel that any rule for the structure would take. */
export function areEmpty({ read, smallest, largest }: MaskSurvey): boolean {
  return read > 0 && !(largest > 0) && !(smallest < 0);
}

/**
 * Whether no rule follows from the values: one is negative, there are fractions that are no shares, or no voxel is 0. 0 and
 * one other value, whatever it is, are a mask.
 */
export function isUnclear(masks: MaskSurvey): boolean {
  const { smallest, largest, isWhole, values } = masks;
  if (masks.read === 0 || areEmpty(masks) || (smallest === 0 && values?.length === 2)) return false;
  return smallest !== 0 || (!isWhole && largest > 1);
}

/** Over half of the voxels above 0 have the largest value or nearly so, and the others many different ones. */
function isBlurred(values: readonly MaskValue[], largest: number): boolean {
  const voxelsFrom = (least: number): number =>
    values.reduce((sum, { value, voxels }) => (value > 0 && value >= least ? sum + voxels : sum), 0);
  return values.length > mostLabels && 2 * voxelsFrom(nearlyLargest * largest) > voxelsFrom(0);
}

function valuesText({ values, smallest, largest }: MaskSurvey): string {
  if (values === undefined)
    return `more than 1000 different ones, from ${shortFloat(smallest)} to ${shortFloat(largest)}`;
  return firstTen(
    values.map(
      ({ value, masks, voxels }) => `${shortFloat(value)} (${counted(voxels, 'voxel')} in ${counted(masks, 'mask')})`,
    ),
  );
}
