import assert from 'node:assert/strict';

import type { ReportedRow } from '../../domain/evaluate/evaluation-row.js';
import { randomStream } from '../../domain/random/random-stream.js';
import { findingText, type FindingText } from '../../domain/report/words/finding-text.js';
import { resultsOf } from '../../domain/results/results-of.js';
import type { ResultsInput, TheoryPrediction } from '../../domain/results/results-input.js';
import type { TestRules } from '../../domain/results/test-rules.js';
import type { Verdict } from '../../domain/results/results.js';
import { compareLosses } from '../../domain/statistics/compare-losses.js';
import { someScores } from './case-scores.js';

export interface Shape {
  readonly ce?: number | undefined;
  readonly sd?: number | undefined;
  readonly participants?: number;
  readonly theory?: readonly TheoryPrediction[];
  readonly decides?: TestRules['decides'];
  readonly correction?: TestRules['correction'];
  readonly folds?: number;
  /** Standard deviation of the volume errors beside ± 0.3. */
  readonly noise?: number;
  /** The loss that `sd` stands for. */
  readonly other?: string;
  /** Mean error of the masks' volumes with it, where it is another. */
  readonly hard?: number;
  /** The part of each true volume that no network could see. */
  readonly cutOff?: number;
}

/** Results of a data set whose arms have the given mean volume errors ± 0.3; an arm without a mean has no results. */
export function resultsInput({
  ce,
  sd,
  participants = 30,
  theory = [],
  folds = 5,
  noise = 0.01,
  other = 'sd',
  hard,
  cutOff = 0,
  ...rules
}: Shape): ResultsInput {
  const { decides = 'conditional', correction = 'none' } = rules;
  const random = randomStream('finding');
  const deviations = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 0.3 : -0.3) + random.normal(0, noise));
  const rows = [['ce', ce] as const, [other, sd] as const].flatMap(([loss, mean]) =>
    mean === undefined
      ? []
      : deviations.map((deviation, i): ReportedRow => {
          const volumeError = mean + deviation;
          const dice = (loss === other ? 0.8 : 0.7) + deviation / 100;
          const metrics = {
            crossEntropy: 0.1,
            softDiceScore: dice,
            dice,
            unit: 'ml' as const,
            truthVolume: 10,
            unpredictableVolume: cutOff,
            predictedVolume: 10 - cutOff + volumeError,
            predictedVolumeThresholded: 10 - cutOff + (hard === undefined || loss === 'ce' ? mean : hard) + deviation,
            volumeError,
          };
          return {
            dataSet: 'd',
            caseId: `c${i}`,
            participant: `p${i % participants}`,
            fold: i % folds,
            model: 'unet',
            loss,
            ...metrics,
            grid: 'native',
            otherGrid: metrics,
            predictedVolumeOutside: 0,
            scores: someScores,
          };
        }),
  );
  const losses = ['ce', other];
  const statistics = {
    resamples: 1000,
    significance: 0.05,
    interval: 'percentile',
    stratify: 'none',
    equivalenceMargin: 0.05,
  } as const;
  const comparisons = compareLosses({ rows, losses, statistics, random: (name) => randomStream(name) });
  return {
    dataSets: [{ name: 'd', unit: 'ml', cases: 30, participants, quality: [] }],
    models: ['lr', 'unet'],
    losses,
    folds: [0, 1, 2, 3, 4],
    repeats: 1,
    rows,
    reliabilities: [],
    grid: 'native',
    comparisons,
    rules: { decides, correction, significance: 0.05 },
    equivalenceMargin: 0.05,
    theory,
    gaps: [],
    thresholdsMl: [],
    collapses: [],
    endings: [],
  };
}

export function finding(shape: Shape): FindingText & Verdict {
  const results = resultsOf(resultsInput(shape));
  const [dataSet] = results.dataSets;
  assert.ok(dataSet !== undefined);
  return { ...findingText(dataSet, results), ...dataSet.verdict };
}
