import assert from 'node:assert/strict';
import { it } from 'node:test';

import { resultsOf } from '../../../domain/results/results-of.js';
import { syntheticResultsInput } from '../report/synthetic-report-input.js';

it('tests the very means that tables show', () => {
  const { source, dataSets } = resultsOf(syntheticResultsInput());
  const zeroTests = source.comparisons.filter(({ kind }) => kind === 'againstZero');
  assert.ok(zeroTests.length > 20);
  for (const { dataSet, model, loss, metric, mean } of zeroTests) {
    const arms = dataSets.find(({ name }) => name === dataSet)?.arms;
    assert.equal(arms?.find((arm) => arm.model === model && arm.loss === loss)?.cells[metric].mean, mean);
  }
});
