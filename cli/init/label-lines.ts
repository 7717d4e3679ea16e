import { counted, firstTen } from '../../domain/report/words/format-number.js';
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
  if (isUnclear(masks)) {
    return [
      ...found,
      '    # Only you know which of them are the structure: write greaterThan: X, equals: X or anyOf: [X, Y] below.',
      '    # Until then, validate and run refuse these masks.',
      ...(kept.length > 0 ? ['    label:', ...kept] : ['    label: {}']),
    ];
  }
  const half = Number((masks.largest / 2).toPrecision(3));
  if (!masks.isWhole) return lines(`greaterThan: ${half}`, 'half of the largest: the masks have fractions');
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

/** Whether no rule follows from the values: one is negative, or there are fractions that are no shares. */
export function isUnclear({ smallest, largest, isWhole }: MaskSurvey): boolean {
  return smallest < 0 || (!isWhole && largest > 1);
}

/** Over half of the voxels above 0 have the largest value or nearly so, and the others many different ones. */
function isBlurred(values: readonly MaskValue[], largest: number): boolean {
  const voxelsFrom = (least: number): number =>
    values.reduce((sum, { value, voxels }) => (value > 0 && value >= least ? sum + voxels : sum), 0);
  return values.length > mostLabels && 2 * voxelsFrom(nearlyLargest * largest) > voxelsFrom(0);
}

function valuesText({ values, smallest, largest }: MaskSurvey): string {
  if (values === undefined) return `more than 1000 different ones, from ${smallest} to ${largest}`;
  return firstTen(
    values.map(({ value, masks, voxels }) => `${value} (${counted(voxels, 'voxel')} in ${counted(masks, 'mask')})`),
  );
}
