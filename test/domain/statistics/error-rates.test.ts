import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { randomStream } from '../../../domain/random/random-stream.js';
import { foldSpread } from '../../../domain/statistics/fold-spread.js';
import { includingTraining } from '../../../domain/statistics/including-training.js';
import { placesOf, scenarios, simulateCases, strataOf } from '../../support/statistics/simulate-cases.js';
import { bootstrapOfOne } from './support/bootstrap-of-one.js';

const name = ({ cases, icc, errors }: (typeof scenarios)[number]): string => `${cases} cases, ICC ${icc}, ${errors}`;

describe('at a nominal 5 %, with five trainings that differ at random', () => {
  for (const scenario of scenarios) {
    it(`the test that includes the training errs in 4 to 6.5 %: ${name(scenario)}`, () => {
      // 8,000 simulations have a standard error of 0.24 %.
      const simulations = 8000;
      const random = randomStream(1, 'error rates', name(scenario));
      const places = placesOf(scenario);
      let rejected = 0;
      for (let i = 0; i < simulations; i++) {
        const spread = foldSpread({
          values: simulateCases(scenario, places, random).values,
          cases: places,
          strata: null,
        });
        assert.ok(spread !== null);
        if (includingTraining(spread, 0.95).pValue < 0.05) rejected++;
      }
      const rate = rejected / simulations;
      assert.ok(rate >= 0.04 && rate <= 0.065, `${(100 * rate).toFixed(2)} %`);
    });
  }

  for (const ofCases of [0, 0.5]) {
    it(`the test that includes the training errs in 4 to 6.5 % with three repeats, with ${ofCases} of the fold effects due to cases`, () => {
      for (const errors of ['normal', 'log-normal'] as const) {
        const scenario = { cases: 80, icc: 0.2, errors, repeats: 3, ofCases };
        const random = randomStream(1, 'repeats', JSON.stringify(scenario));
        const places = placesOf(scenario);
        const simulations = 8000;
        let [rejected, variance] = [0, 0];
        for (let i = 0; i < simulations; i++) {
          const { values } = simulateCases(scenario, places, random);
          const spread = foldSpread({ values, cases: places, strata: null });
          assert.ok(spread !== null);
          if (includingTraining(spread, 0.95).pValue < 0.05) rejected++;
          variance += spread.standardError ** 2 / simulations;
        }
        const rate = rejected / simulations;
        assert.ok(rate >= 0.04 && rate <= 0.065, `${errors}: ${(100 * rate).toFixed(2)} %`);
        // What repeats buy: only the trainings' share of the variance between folds falls, to a third.
        const betweenFolds = 0.2 * (ofCases + (1 - ofCases) / 3);
        const expected = betweenFolds / 5 + 0.8 / 80;
        assert.ok(Math.abs(variance / expected - 1) < 0.05, `${variance} instead of ${expected}`);
      }
    });
  }

  it('the test that includes the training holds where volume explains most of the error and folds are stratified by it', () => {
    const scenario = { cases: 80, icc: 0, errors: 'normal', explainedByVolume: 0.9 } as const;
    const [cases, strata] = [placesOf(scenario), strataOf(scenario)];
    const random = randomStream(1, 'stratified');
    let [rejected, withoutStrata] = [0, 0];
    for (let i = 0; i < 4000; i++) {
      const { values } = simulateCases(scenario, cases, random);
      const [spread, blind] = [strata, null].map((known) => foldSpread({ values, cases, strata: known }));
      if (spread && includingTraining(spread, 0.95).pValue < 0.05) rejected++;
      if (blind && includingTraining(blind, 0.95).pValue < 0.05) withoutStrata++;
    }
    // The mixture is a little cautious where the strata have most of the variance.
    assert.ok(rejected > 0.025 * 4000 && rejected < 0.065 * 4000, `${rejected} of 4000`);
    // What the strata are for.
    assert.ok(withoutStrata > 0.12 * 4000, `${withoutStrata} of 4000`);
  });

  it('the conditional test errs in more than a quarter of the cases as soon as networks differ, as it does not claim to include them', () => {
    const scenario = { cases: 80, icc: 0.2, errors: 'normal' } as const;
    const random = randomStream(1, 'conditional');
    const places = placesOf(scenario);
    const groups = places.map(({ participant }) => participant);
    let [rejected, covered] = [0, 0];
    for (let i = 0; i < 400; i++) {
      const { values, networksMean } = simulateCases(scenario, places, random);
      const { pValue, interval } = bootstrapOfOne({ differences: values, groups, resamples: 300, random });
      if (pValue < 0.05) rejected++;
      if (interval !== null && interval[0] <= networksMean && networksMean <= interval[1]) covered++;
    }
    assert.ok(rejected > 100, `${rejected} of 400`);
    // Of the mean of these very networks its interval covers what it promises; the binomial deviation is 1.1 %.
    assert.ok(covered > 0.92 * 400, `${covered} of 400`);
  });
});
