import { yieldsProbabilities } from '../../../domain/training/losses/loss-choice.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { reportFiles } from '../../../domain/report/report-files.js';
import { lossLong, lossShort } from '../../../domain/report/words/labels.js';
import type { ResultsInput } from '../../../domain/results/results-input.js';
import { compareLosses } from '../../../domain/statistics/compare-losses.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { lossName, type LossChoice } from '../../../domain/training/losses/loss-choice.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from './synthetic-report-input.js';

const choices: readonly LossChoice[] = [
  ...(['ce', 'sd', 'batchSd', 'squaredSd', 'softJaccard', 'generalisedDice', 'diceSemimetric'] as const),
  ...(['lovaszHinge', { kind: 'smoothedSd', epsilon: 100 }, { kind: 'tversky', alpha: 0.3, beta: 0.7 }] as const),
  ...([
    { kind: 'tversky', alpha: 0.7, beta: 0.3 },
    { kind: 'focal', gamma: 2 },
  ] as const),
  ...([
    { kind: 'ceSd', weight: 0.5 },
    { kind: 'ceSd', weight: 0.9 },
  ] as const),
];
const losses = choices.map(lossName);

/** One model and 20 cases of one data set with every loss; the other losses have the errors of soft Dice. */
function resultsWithEveryLoss(): ResultsInput {
  const dataSet = 'phantom-3d-high';
  const few = syntheticRows().filter(
    (row) => row.dataSet === dataSet && row.model === 'lr' && row.caseId < `${dataSet}-021`,
  );
  const ofLoss = (loss: string): ReportedRow[] =>
    few.filter((row) => row.loss === (loss === 'ce' ? 'ce' : 'sd')).map((row) => ({ ...row, loss }));
  const rows = losses.flatMap(ofLoss);
  const { dataSets } = syntheticResultsInput(rows);
  const statistics = { resamples: 200, significance: 0.05, interval: 'percentile', equivalenceMargin: 0.05 } as const;
  const theory = few
    .filter(({ loss }) => loss === 'ce')
    .flatMap(({ caseId, truthVolume }) =>
      losses.map((loss, position) => ({
        ...{ dataSet, caseId, loss, expectedVolume: truthVolume },
        predictedVolume: truthVolume + position,
      })),
    );
  return syntheticResultsInput(rows, {
    dataSets: dataSets.filter(({ name }) => name === dataSet),
    comparisons: compareLosses({
      ...{ rows, losses, statistics: { ...statistics, stratify: 'none' as const } },
      random: (name) => randomStream('bootstrap', name),
    }),
    models: ['lr'],
    ...{ losses, theory },
  });
}

describe('a report with every loss', () => {
  const files = reportFiles(syntheticReportInput(resultsWithEveryLoss()));
  const text = files['table1.txt'] ?? '';
  const page = files['report.html'] ?? '';

  it('names each loss in tables and in sentences, no two alike', () => {
    assert.equal(new Set(losses.map(lossShort)).size, losses.length);
    assert.equal(new Set(losses.map(lossLong)).size, losses.length);
    for (const loss of losses) {
      assert.ok(text.includes(lossShort(loss)) && page.includes(lossShort(loss)), loss);
      assert.ok(page.includes(`trained with ${lossLong(loss)}`), loss);
    }
  });

  it('has columns as wide as the names, with the theory of each loss under its ΔV', () => {
    const lines = text.slice(0, text.indexOf('▲ volume')).split('\n');
    // What is too wide for a line goes on below.
    const headings = lines.filter((_, index) => lines[index + 1]?.startsWith('─') && lines[index - 1]?.trim() === 'LR');
    const theories = lines.filter((line) => line.includes('theory (ml)'));
    let position = 0;
    headings.forEach((heading, block) => {
      for (const [name] of heading.matchAll(/\S+( \S+)*/g)) {
        const end = heading.indexOf(name) + name.length;
        const shown = theories[block]?.slice(0, end).trim().split(/\s+/).at(-1);
        assert.deepEqual([name, Number(shown)], [lossShort(losses[position] ?? ''), position], theories[block]);
        position++;
      }
    });
    assert.equal(position, losses.length);
  });

  it('compares each loss with the first, in Table 2 and in the finding', () => {
    const differences = [...page.matchAll(/<th class="text" scope="row"><span class="part">([^<]+ − CE)<\/span>/g)].map(
      ([, name]) => name,
    );
    assert.deepEqual(
      differences,
      losses.slice(1).map((loss) => `${lossShort(loss)} − CE`),
    );
    const sentences = [...page.matchAll(/Difference in ΔV, ([^:]+):/g)].map(([, name]) => name);
    assert.deepEqual(
      sentences,
      losses
        .slice(1)
        .filter(yieldsProbabilities)
        .map((loss) => `${lossLong(loss)} minus cross-entropy`),
    );
  });

  it('draws each loss with another mark', () => {
    const legend = [...page.matchAll(/<li><svg[^>]*><g class="(series-\d)"><path class="mark"[^>]* d="([^"]+)"/g)];
    const marks = new Set(legend.map(([, look, path]) => `${look ?? ''} ${path ?? ''}`));
    // The legend stands at the three figures with such marks.
    assert.deepEqual([legend.length, marks.size], [3 * losses.length, losses.length]);
  });

  it('says what ratios are computed over, and what a Lovász hinge is worth', () => {
    assert.match(page, /used ε = 1e-7 unless another is named, and were computed for each image, but batch soft Dice/);
    assert.match(page, /The Lovász hinge leaves open how far a logit exceeds ±1/);
    const plain = reportFiles(syntheticReportInput())['report.html'] ?? '';
    assert.doesNotMatch(plain, /unless another is named|Lovász/);
  });
});
