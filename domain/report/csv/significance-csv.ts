import { stringify } from 'csv-stringify/sync';
import { metricNames, metrics } from '../../evaluate/metrics.js';
import { testColumns, testFields, yesOrNo } from './test-fields.js';
import type { MeanTest, Results, ResultsCell, ZeroTest } from '../../results/results.js';

const columns = [
  'data_set',
  'metric',
  'unit',
  'model',
  'loss',
  'reference',
  'estimate',
  'cases',
  'participants',
  ...testColumns,
  'decides',
  'adjusted_p',
  'significant',
  'equivalence_margin',
  'equivalence_low',
  'equivalence_high',
  'equivalence_p',
  'equivalent',
];

type Field = string | number | null | undefined;

/**
 * All comparisons, one a line, numbers in full precision, RFC 4180 with line feeds: of each mean volume error with 0,
 * where `reference` is empty, and of each metric with that of an earlier loss of the same model, where `estimate` is the mean of
 * loss − reference. What was not tested, not corrected or is not possible is empty; `significant` and `equivalent` are
 * yes or no.
 */
export function significanceCsv({ dataSets, losses, rules }: Results): string {
  const lines = dataSets.flatMap(({ name, unit, arms }) =>
    metricNames.flatMap((metric) =>
      arms.flatMap(({ model, loss, cells }) => {
        const place = [name, metric, metrics[metric].better === 'zero' ? unit : '', model, loss];
        const earlier = losses.slice(0, losses.indexOf(loss));
        return comparisonsOf(cells[metric], earlier).map(({ reference, estimate, test, zeroTest }) => [
          ...[...place, reference, estimate, test.cases, test.participants],
          ...testFields(test),
          ...[rules.decides, zeroTest?.adjustedPValue, yesOrNo(test.significant)],
          ...equivalenceFields(zeroTest?.equivalence ?? null),
        ]);
      }),
    ),
  );
  return stringify([columns, ...lines]);
}

interface CellComparison {
  readonly reference: string;
  readonly estimate: number | null;
  readonly test: MeanTest;
  /** Absent for a pair of losses. */
  readonly zeroTest?: ZeroTest;
}

/** Each pair once: a cell has one with every other loss. */
function comparisonsOf({ mean, againstZero, pairs }: ResultsCell, earlier: readonly string[]): CellComparison[] {
  const zero =
    againstZero === null ? [] : [{ reference: '', estimate: mean, test: againstZero, zeroTest: againstZero }];
  const ofPairs = pairs
    .filter(({ reference }) => earlier.includes(reference))
    .map((test) => ({ reference: test.reference, estimate: test.mean, test }));
  return [...zero, ...ofPairs];
}

function equivalenceFields(equivalence: ZeroTest['equivalence']): Field[] {
  if (equivalence === null) return new Array<undefined>(5).fill(undefined);
  const { margin, interval, pValue, holds } = equivalence;
  return [margin, ...interval, pValue, yesOrNo(holds)];
}
