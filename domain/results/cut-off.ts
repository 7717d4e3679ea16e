import {
  unpredictableReasons,
  unpredictableVolume,
  type StructureQuality,
} from '../preprocess/mask/structure-quality.js';

/**
 * Above this share of the mean true volume, what no network could predict is a warning: it is then as large as the biases
 * that are to be measured.
 */
export const muchCutOff = 0.01;

export function isMuchCutOff(volume: number, meanTruthVolume: number | null): boolean {
  return volume > muchCutOff * (meanTruthVolume ?? 0);
}

type Prepared = Pick<StructureQuality, 'volumeBefore' | 'unpredictable'>;

/** The warning about all prepared cases of a data set; undefined if little or nothing of their structures is cut off. */
export function cutOffWarning(cases: readonly Prepared[]): string | undefined {
  const sum = (of: (one: Prepared) => number): number => cases.reduce((total, one) => total + of(one), 0);
  const whole = sum(({ volumeBefore }) => volumeBefore);
  const lost = sum(unpredictableVolume);
  if (!isMuchCutOff(lost, whole)) return undefined;
  const share = (part: number): string => `${Number(((100 * part) / whole).toPrecision(2))} %`;
  const parts = unpredictableReasons
    .map(({ reason, label, remedy }) => ({ volume: sum(({ unpredictable }) => unpredictable[reason]), label, remedy }))
    .filter(({ volume }) => volume > 0)
    .sort((a, b) => b.volume - a.volume);
  const reasons = parts.map(({ volume, label }) => `${share(volume)} ${label}`).join(', ');
  const remedy = parts[0]?.remedy ?? '';
  return `networks cannot see ${share(lost)} of the structures' volume (${reasons}), which ΔV leaves out; ${remedy}`;
}
