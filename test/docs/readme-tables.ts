import { unitLabel, type VolumeUnit } from '../../domain/evaluate/voxel-size.js';
import type { MetricName } from '../../domain/evaluate/metrics.js';
import type { EvaluationGrid } from '../../domain/evaluate/evaluation-row.js';
import { formatBrief, formatNumber, formatP, listed, percent } from '../../domain/report/words/format-number.js';
import { gridLabel, lossShort, modelLabel, testLabels } from '../../domain/report/words/labels.js';
import type { TheoryBias } from '../../domain/results/results.js';
import type { TestRules } from '../../domain/results/test-rules.js';
import type { Comparison } from '../../domain/statistics/compare-losses.js';

/** What README's tables need of a report's table1.json (docs/numbers.md). */
export interface Table1 {
  readonly table: {
    readonly models: readonly string[];
    readonly losses: readonly string[];
    readonly grid: EvaluationGrid;
    readonly dataSets: readonly DataSet[];
  };
  readonly comparisons: readonly Comparison[];
  readonly rules: TestRules & { readonly equivalenceMargin: number };
}

interface DataSet {
  readonly name: string;
  readonly unit: VolumeUnit;
  readonly arms: readonly Arm[];
}

interface Arm {
  readonly model: string;
  readonly loss: string;
  readonly cases: number;
  readonly means: Readonly<Record<MetricName, number>> | null;
  readonly meanTruthVolume: number | null;
  readonly outcomes: { readonly volumeError: Outcome | null };
  readonly theoryBias?: TheoryBias;
}

interface Outcome {
  readonly mark: 'over' | 'under' | null;
  readonly adjustedPValue: number | null;
  readonly equivalent: boolean | null;
}

/** README's tables, by the word in their markers. */
export type TableName = 'quickstart' | 'hippocampus';

/** The quickstart's table: one row for each data set, mean ΔV of each arm, and theory where the uncertainty is known. */
export function quickstartTable(table1: Table1): string {
  const { dataSets, losses } = table1.table;
  const heads = [...armHeads(table1), ...losses.map((loss) => `theory, ${lossShort(loss)}`)];
  const rows = dataSets.map(({ name, unit, arms }) => [
    `${name} (${unitLabel(unit)})`,
    truthOf(arms),
    ...arms.map(volumeErrorCell),
    ...losses.map((loss) => theoryCell(arms.find((arm) => arm.loss === loss && arm.theoryBias !== undefined))),
  ]);
  return table(['mean ΔV', 'mean true volume', ...heads], rows);
}

/** The hippocampus table: one row for each metric of the run's single data set. */
export function hippocampusTable(table1: Table1): string {
  const [dataSet, ...others] = table1.table.dataSets;
  if (dataSet === undefined || others.length > 0) throw new Error('expected a report on one data set');
  const { arms, unit } = dataSet;
  const metric = (name: MetricName) => arms.map(({ means }) => (means === null ? '—' : formatNumber(means[name])));
  const cases = Math.max(...arms.map((arm) => arm.cases));
  return table(
    [`mean of ${cases} cases`, ...armHeads(table1)],
    [
      [`ΔV in ${unitLabel(unit)} (mean true volume ${truthOf(arms)})`, ...arms.map(volumeErrorCell)],
      ['Dice', ...metric('dice')],
      ['1 − SD', ...metric('softDiceScore')],
      ['CE', ...metric('crossEntropy')],
    ],
  );
}

/** The lines below a table: marks, grid, processors, and the outcomes with p close to the level of significance. */
export function captionOf(table1: Table1, processors: readonly string[]): string {
  const { rules, table } = table1;
  const { decides, significance, correction, equivalenceMargin } = rules;
  const corrected =
    correction === 'holm' ? 'corrected for multiple tests by Holm’s method' : 'not corrected for multiple tests';
  const margin = `±${percent(equivalenceMargin)} % of the mean true volume`;
  const close = closeOutcomes(table1);
  return [
    `▲ significantly above 0, ▼ below (test ${testLabels[decides]}, p < ${significance}, ${corrected});`,
    `≈ shown to lie within ${margin} (equivalence test).`,
    `Measured on the ${gridLabel(table.grid)}. Processor: ${listed(processors)}.`,
    `Another processor may change the last digits, and outcomes with p close to ${significance}` +
      (close.length === 0 ? ', of which there are none here.' : `, here ${listed(close)}.`),
  ].join('\n');
}

/** The models of the processors that computed a report, from its page report.html. */
export function processorsOf(page: string): string[] {
  const rows = page.matchAll(/<td class="text wrap">processor<\/td><td class="text wrap">([^<]+)<\/td>/g);
  const models = new Set([...rows].flatMap(([, models = '']) => models.split('; ')));
  if (models.size === 0) throw new Error('report.html names no processor');
  return [...models].sort();
}

/** README with `content` between the markers of a table. */
export function withTable(readme: string, name: TableName, content: string): string {
  const [start, end] = markersOf(name);
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no markers of the ${name} table`);
  return `${readme.slice(0, from + start.length)}\n\n${content}\n\n${readme.slice(to)}`;
}

/** The comments before and after a table. */
export function markersOf(name: TableName): readonly [string, string] {
  return [`<!-- ${name} table: made by test/docs/write-readme-tables.ts -->`, `<!-- end of ${name} table -->`];
}

const armHeads = ({ table: { models, losses } }: Table1): string[] =>
  models.flatMap((model) => losses.map((loss) => armLabel({ model, loss })));

const armLabel = ({ model, loss }: Pick<Arm, 'model' | 'loss'>): string => `${modelLabel(model)} ${lossShort(loss)}`;

function truthOf(arms: readonly Arm[]): string {
  const [truth, ...others] = new Set(arms.flatMap(({ meanTruthVolume }) => meanTruthVolume?.toFixed(2) ?? []));
  if (truth === undefined || others.length > 0) throw new Error('expected the same cases in all arms');
  return truth;
}

function volumeErrorCell({ means, outcomes: { volumeError: outcome } }: Arm): string {
  if (means === null) return '—';
  const value = formatBrief(means.volumeError);
  const equivalent = outcome?.equivalent === true ? ' ≈' : '';
  switch (outcome?.mark) {
    case 'over':
      return `**${value}** ▲${equivalent}`;
    case 'under':
      return `_${value}_ ▼${equivalent}`;
    default:
      return `${value}${equivalent}`;
  }
}

function theoryCell(arm: Arm | undefined): string {
  if (arm?.theoryBias === undefined) return '—';
  const { realised, expected } = arm.theoryBias;
  return `${formatBrief(realised)} (${formatBrief(expected)})`;
}

/** Every mark and equivalence whose p-value is within a factor of 1.5 of the level of significance. */
function closeOutcomes({ table: { dataSets }, comparisons, rules: { decides, significance } }: Table1): string[] {
  const isClose = (pValue: number): boolean => pValue > significance / 1.5 && pValue < significance * 1.5;
  const several = dataSets.length > 1;
  return dataSets.flatMap(({ name, arms }) =>
    arms.flatMap((arm) => {
      const tested = comparisons.find(
        ({ kind, metric, dataSet, model, loss }) =>
          kind === 'againstZero' &&
          metric === 'volumeError' &&
          dataSet === name &&
          model === arm.model &&
          loss === arm.loss,
      );
      const label = several ? `${name} ${armLabel(arm)}` : armLabel(arm);
      const zero = arm.outcomes.volumeError?.adjustedPValue ?? tested?.[decides]?.pValue ?? 1;
      const equivalence = tested?.equivalence?.pValue ?? 1;
      return [
        ...(isClose(zero) ? [`${label} (${formatP(zero)})`] : []),
        ...(isClose(equivalence) ? [`${label} (equivalence, ${formatP(equivalence)})`] : []),
      ];
    }),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const alignment = heads.map((_, column) => (column === 0 ? '---' : '---:'));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${alignment.join('|')}|`, ...rows.map(line)].join('\n');
}
