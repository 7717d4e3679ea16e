import type { VolumeUnit } from '../../evaluate/voxel-size.js';
import { enoughParticipants } from '../../results/enough-participants.js';
import { bootstrap, type VolumeErrorTest, type VolumeErrorTests } from '../../results/volume-error-tests.js';
import { counted, formatInterval, formatP, formatSigned, percent, withUnit } from '../words/format-number.js';

/** The sentences about tests of volume errors: the outcomes, then what they hold for. */
export function volumeTestLines(
  tests: VolumeErrorTests,
  unit: VolumeUnit,
): { readonly outcomes: readonly string[]; readonly remarks: readonly string[] } {
  const { volumeError, volumeErrorThresholded } = tests;
  const { cases } = volumeError;
  const few =
    `Only ${counted(cases, 'case')}: with fewer than ${enoughParticipants}, p-values tend to be too small, so nothing is ` +
    'called significant.';
  return {
    outcomes: [
      outcomeOf('Mean ΔV', volumeError, unit),
      outcomeOf('Mean ΔV of the masks (hard)', volumeErrorThresholded, unit),
    ],
    remarks: [
      ...(cases < enoughParticipants ? [few] : []),
      'The tests are conditional on this network: only the cases are taken as random. Whether newly trained networks would be ' +
        'biased, they cannot tell.',
      'Whether volumes are right on average (equivalence) is not tested: that test includes the training, and needs folds.',
      `Percentile bootstrap with ${bootstrap.resamples} samples, seed ${bootstrap.seed}. Each case counts as a participant of its ` +
        'own: with several cases of one participant, p-values are too small.',
    ],
  };
}

/** `Mean ΔV: +0.12 ml, 95 % interval −0.02 to +0.26, p = 0.09, 12 cases: not significantly different from 0.` */
function outcomeOf(what: string, { mean, cases, conditional, significant }: VolumeErrorTest, unit: VolumeUnit): string {
  const { interval, pValue } = conditional;
  const parts = [
    `${what}: ${withUnit(formatSigned(mean), unit)}`,
    ...(interval === null ? [] : [`${percent(bootstrap.confidence)} % interval ${formatInterval(interval)}`]),
    formatP(pValue),
    counted(cases, 'case'),
  ];
  if (cases < enoughParticipants) return `${parts.join(', ')}.`;
  const verdict = significant
    ? `significantly ${mean > 0 ? 'above' : 'below'} 0`
    : 'not significantly different from 0';
  return `${parts.join(', ')}: ${verdict}.`;
}
