/**
 * The error rates in docs/statistics.md, by seeded simulation, as Markdown tables, and the time of a data set's tests.
 * All errors are at a nominal 5 %, and all numbers percentages; the true mean is 0 (equivalence: the margin).
 */
import type { EvaluationRow } from '../../domain/evaluate/evaluation-row.js';
import { randomStream } from '../../domain/random/random-stream.js';
import { compareLosses } from '../../domain/statistics/compare-losses.js';
import { equivalenceOf } from '../../domain/statistics/equivalence.js';
import { foldSpread, type FoldSpread } from '../../domain/statistics/fold-spread.js';
import { includingTraining } from '../../domain/statistics/including-training.js';
import { pairedBootstraps, type IntervalKind } from '../../domain/statistics/paired-bootstrap.js';
import { placesOf, scenarios, simulateCases, strataOf, type Scenario } from '../support/statistics/simulate-cases.js';

const confidence = 0.95;

/** Shares of the simulations: false rejections, intervals that contain the true mean, and that of these networks. */
interface Rates {
  readonly errors: number;
  readonly covered: number;
  readonly coveredNetworks: number;
}

/** What a test says of simulated values. */
type Test = (values: Float64Array) => { readonly pValue: number; readonly interval: readonly [number, number] | null };

function ratesOf(scenario: Scenario, simulations: number, test: Test): Rates {
  const places = placesOf(scenario);
  const random = randomStream(1, 'bench', JSON.stringify(scenario));
  let [errors, covered, coveredNetworks] = [0, 0, 0];
  for (let i = 0; i < simulations; i++) {
    const { values, networksMean } = simulateCases(scenario, places, random);
    const { pValue, interval } = test(values);
    const contains = (mean: number): boolean => interval !== null && interval[0] <= mean && mean <= interval[1];
    if (pValue < 1 - confidence) errors++;
    if (contains(0)) covered++;
    if (contains(networksMean)) coveredNetworks++;
  }
  return {
    errors: errors / simulations,
    covered: covered / simulations,
    coveredNetworks: coveredNetworks / simulations,
  };
}

function spreadOf(scenario: Scenario): (values: Float64Array) => FoldSpread {
  const [cases, strata] = [placesOf(scenario), strataOf(scenario)];
  return (values) => {
    const spread = foldSpread({ values, cases, strata });
    if (spread === null) throw new Error('a scenario needs two folds');
    return spread;
  };
}

function trainingRates(scenario: Scenario): Rates {
  const spread = spreadOf(scenario);
  return ratesOf(scenario, 20_000, (values) => includingTraining(spread(values), confidence));
}

function bootstrapRates(scenario: Scenario, intervalKind: IntervalKind): Rates {
  const groups = placesOf(scenario).map(({ participant }) => participant);
  const random = randomStream(2, 'bench', JSON.stringify(scenario));
  return ratesOf(scenario, 2000, (values) => {
    const [estimate] = pairedBootstraps({
      columns: [values],
      groups,
      resamples: 999,
      random,
      confidence,
      intervalKind,
    });
    if (estimate === undefined) throw new Error('one column has no estimate');
    return estimate;
  });
}

/** Share of false claims of equivalence where the true mean is exactly at the margin, on the worse side. */
function equivalenceErrors(scenario: Scenario): number {
  const spread = spreadOf(scenario);
  const margin = 1;
  const sides = [-margin, margin].map((trueMean) =>
    ratesOf(scenario, 20_000, (values) => {
      const shifted = values.map((value) => value + trueMean);
      return equivalenceOf(spread(shifted), { margin, significance: 1 - confidence });
    }),
  );
  return Math.max(...sides.map(({ errors }) => errors));
}

const print = (...cells: readonly string[]): void => {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
};
const percent = (share: number): string => (100 * share).toFixed(1);
const nameOf = ({ cases, icc, errors }: Scenario): string[] => [errors, String(cases), String(icc)];

process.stdout.write(
  'Errors / coverage of the mean over trainings; in brackets, coverage of the mean of these networks\n\n',
);
print('errors', 'cases', 'ICC', 'conditional, percentile', 'conditional, BCa', 'including the training', 'equivalence');
print('---', '---:', '---:', '---:', '---:', '---:', '---:');
for (const scenario of scenarios) {
  const text = ({ errors, covered }: Rates): string => `${percent(errors)} / ${percent(covered)}`;
  const bootstraps = (['percentile', 'bca'] as const).map((kind) => {
    const rates = bootstrapRates(scenario, kind);
    return `${text(rates)} (${percent(rates.coveredNetworks)})`;
  });
  const training = `**${text(trainingRates(scenario))}**`;
  print(...nameOf(scenario), ...bootstraps, training, percent(equivalenceErrors(scenario)));
}

/** Beyond the claim: folds that differ in size, participants with several cases, other numbers of folds, skewed effects. */
const others: readonly (readonly [string, Partial<Scenario>])[] = [
  ['folds of relative size 1, 1, 2, 2, 3', { foldSizes: [1, 1, 2, 2, 3] }],
  ['three cases per participant', { casesPerParticipant: 3 }],
  ['two folds', { foldSizes: [1, 1] }],
  ['two folds, stratified, half explained by volume', { foldSizes: [1, 1], explainedByVolume: 0.5 }],
  ['three folds', { foldSizes: [1, 1, 1] }],
  ['three folds, stratified, half explained by volume', { foldSizes: [1, 1, 1], explainedByVolume: 0.5 }],
  ['ten folds', { foldSizes: new Array<number>(10).fill(1) }],
  ['log-normal fold effects', { foldEffects: 'log-normal' }],
  ['three repeats', { repeats: 3 }],
  ['three repeats, half of the fold effects due to the folds’ cases', { repeats: 3, ofCases: 0.5 }],
];
process.stdout.write('\nThe test including the training, 80 cases: errors with ICC 0, 0.2, 0.5\n\n');
print('', 'normal errors', 'log-normal errors');
print('---', '---:', '---:');
for (const [name, changes] of others) {
  const cells = (['normal', 'log-normal'] as const).map((errors) =>
    [0, 0.2, 0.5].map((icc) => percent(trainingRates({ cases: 80, icc, errors, ...changes }).errors)).join(', '),
  );
  print(name, ...cells);
}

process.stdout.write('\nThe test including the training, folds stratified by volume: errors with ICC 0, 0.2, 0.5\n\n');
print('errors', 'explained by volume', '25 cases', '80 cases', '285 cases');
print('---', '---:', '---:', '---:', '---:');
for (const errors of ['normal', 'log-normal'] as const) {
  for (const explainedByVolume of [0.5, 0.9]) {
    const cells = [25, 80, 285].map((cases) =>
      [0, 0.2, 0.5].map((icc) => percent(trainingRates({ cases, icc, errors, explainedByVolume }).errors)).join(', '),
    );
    print(errors, percent(explainedByVolume), ...cells);
  }
}

process.stdout.write('\nThe test including the training: errors with ICC 0, 0.2, 0.5\n\n');
print('errors', '25 cases', '80 cases', '285 cases');
print('---', '---:', '---:', '---:');
for (const errors of ['exponential', 'rare', 'heavy'] as const) {
  const cells = [25, 80, 285].map((cases) =>
    [0, 0.2, 0.5].map((icc) => percent(trainingRates({ cases, icc, errors }).errors)).join(', '),
  );
  print(errors, ...cells);
}

function rowsOf(cases: number): EvaluationRow[] {
  const noise = randomStream('bench rows');
  return ['lr', 'convnet', 'unet'].flatMap((model) =>
    ['ce', 'sd'].flatMap((loss) =>
      Array.from({ length: cases }, (_, i): EvaluationRow => {
        const volumeError = noise.normal();
        const truth = { truthVolume: 10, unpredictableVolume: 0 };
        const volumes = { ...truth, predictedVolume: 10 + volumeError, predictedVolumeThresholded: 9 };
        const scores = { crossEntropy: noise.uniform(), softDiceScore: noise.uniform(), dice: noise.uniform() };
        const place = { dataSet: 'd', caseId: `c${i}`, participant: `p${i}`, fold: i % 5, model, loss };
        return { ...place, ...scores, ...volumes, unit: 'ml', volumeError };
      }),
    ),
  );
}

const rows = rowsOf(285);
const milliseconds = Array.from({ length: 9 }, () => {
  const statistics = {
    ...{ resamples: 10_000, significance: 0.05, equivalenceMargin: 0.05 },
    ...({ interval: 'percentile', stratify: 'volumeTercile' } as const),
  };
  const start = performance.now();
  compareLosses({ rows, losses: ['ce', 'sd'], statistics, random: () => randomStream('bench') });
  return performance.now() - start;
}).sort((a, b) => a - b);
process.stdout.write(
  `\nall tests of 285 cases × 6 arms, 10,000 resamples: median ${(milliseconds[4] ?? NaN).toFixed(0)} ms of 9 runs\n`,
);
