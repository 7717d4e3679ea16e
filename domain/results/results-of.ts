import { indexComparisons } from '../statistics/comparison-index.js';
import { armFlaw } from './arm-flaw.js';
import { armResults } from './arm-results.js';
import { decisionsOf } from './decide-test.js';
import { gapsOf } from './gaps-of.js';
import { besidePaper } from './paper/beside-paper.js';
import { preparationOf } from './preparation-of.js';
import type { Results, ResultsDataSet } from './results.js';
import type { ResultsInput } from './results-input.js';
import { tercilesOf } from './terciles-of.js';
import { overallVerdict, verdictOf } from './verdict-of.js';

/** Computes everything that a sweep's outputs show. The bytes do not depend on the order of rows and comparisons. */
export function resultsOf(input: ResultsInput): Results {
  const {
    models,
    losses,
    folds,
    repeats,
    rows,
    reliabilities,
    grid,
    comparisons,
    rules,
    equivalenceMargin,
    theory,
    collapses,
    endings,
  } = input;
  const index = indexComparisons(comparisons);
  const decisions = decisionsOf(comparisons, rules);
  const confidence = 1 - rules.significance;
  const dataSets = input.dataSets.map((dataSet): ResultsDataSet => {
    const ofDataSet = rows.filter((row) => row.dataSet === dataSet.name);
    const reliable = reliabilities.filter((one) => one.dataSet === dataSet.name);
    const terciles = tercilesOf(ofDataSet);
    const arms = models.flatMap((model) =>
      losses.map((loss) =>
        armResults({
          arm: { dataSet: dataSet.name, model, loss },
          rows: ofDataSet.filter((row) => row.model === model && row.loss === loss),
          reliabilities: reliable.filter((one) => one.model === model && one.loss === loss),
          losses,
          folds,
          repeats,
          comparisons: index,
          decisions,
          theory,
          terciles,
          confidence,
          flaw: armFlaw({ dataSet: dataSet.name, model, loss }, { collapses, endings }),
          thresholdsMl: dataSet.unit === 'ml' ? input.thresholdsMl : [],
        }),
      ),
    );
    return {
      ...dataSet,
      measuredCases: Math.max(0, ...arms.map(({ cases }) => cases)),
      terciles,
      arms,
      verdict: verdictOf(arms, models),
      paper: besidePaper(dataSet, arms),
      preparation: preparationOf(dataSet),
    };
  });
  return {
    models,
    losses,
    repeats,
    grid,
    rules,
    equivalenceMargin,
    confidence,
    dataSets,
    overall: overallVerdict(dataSets, losses),
    gaps: gapsOf(dataSets, input.gaps),
    source: { rows, comparisons, theory, collapses, endings },
  };
}
