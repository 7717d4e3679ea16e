import { unitLabel } from '../../evaluate/voxel-size.js';
import type { Results, ZeroTest } from '../../results/results.js';
import { formatInterval, formatP, formatSigned, percent } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';

/** The tests of ΔV against 0 as rows of text: a heading, then a row for each arm with results. */
export function zeroTestRows({ dataSets, rules, equivalenceMargin }: Results): readonly (readonly string[])[] {
  const corrected = rules.correction === 'holm';
  const heading = [
    ...['Data set', 'Arm', 'ΔV', 'including the training', 'conditional on these trained networks'],
    ...(corrected ? ['Holm'] : []),
    `equivalence ±${percent(equivalenceMargin)} %`,
  ];
  const rows = dataSets.flatMap(({ name, unit, arms }) =>
    arms.flatMap(({ model, loss, cells: { volumeError } }) => {
      const { mean, againstZero } = volumeError;
      if (mean === null || againstZero === null) return [];
      const { adjustedPValue } = againstZero;
      return [
        [
          ...[`${name} (${unitLabel(unit)})`, `${modelLabel(model)} ${lossShort(loss)}`, formatSigned(mean)],
          ...[trainingText(againstZero), conditionalText(againstZero)],
          ...(corrected ? [adjustedPValue === null ? '—' : formatP(adjustedPValue)] : []),
          equivalenceText(againstZero),
        ],
      ];
    }),
  );
  return [heading, ...rows];
}

/** Interval and p-value of the test that includes the training. */
export function trainingText({ includingTraining }: Pick<ZeroTest, 'includingTraining'>): string {
  return includingTraining === null
    ? 'not possible with one fold'
    : `${formatInterval(includingTraining.interval)}, ${formatP(includingTraining.pValue)}`;
}

/** Interval and p-value of the test conditional on the trained networks. */
export function conditionalText({ conditional: { interval, pValue } }: Pick<ZeroTest, 'conditional'>): string {
  return interval === null ? 'not possible with one participant' : `${formatInterval(interval)}, ${formatP(pValue)}`;
}

export function equivalenceText({ equivalence }: Pick<ZeroTest, 'equivalence'>): string {
  if (equivalence === null) return 'not possible';
  return `${equivalence.holds ? 'shown' : 'not shown'}, ${formatP(equivalence.pValue)}`;
}
