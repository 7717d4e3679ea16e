import type { Comparison } from '../statistics/compare-losses.js';
import { enoughParticipants } from './enough-participants.js';
import { holmAdjusted } from '../statistics/holm.js';
import type { MeanTest, ZeroTest } from './results.js';
import type { TestRules } from './test-rules.js';

/** What is decided over all comparisons of a report, and then asked of each of them. */
export interface Decisions {
  readonly zeroTest: (comparison: Comparison) => ZeroTest;
  /** For a pair of losses; not corrected for multiple tests. */
  readonly meanTest: (comparison: Comparison) => MeanTest;
}

/**
 * Applies the rules to the comparisons of a report. With the correction `holm`, the tests of one volume error against 0
 * in all data sets, models and losses are one family; tests that are not possible are not in it. With too few participants
 * nothing is significant.
 */
export function decisionsOf(comparisons: readonly Comparison[], rules: TestRules): Decisions {
  const { significance, correction } = rules;
  const adjusted = correction === 'none' ? new Map<Comparison, number>() : adjustedPValues(comparisons, rules);
  const meanTest = (comparison: Comparison, pValue?: number): MeanTest => {
    const { conditional, includingTraining, cases, groups } = comparison;
    const decisive = decisiveOf(comparison, rules);
    return {
      ...decisive,
      significant: groups >= enoughParticipants && (pValue ?? decisive.pValue) < significance,
      ...{ conditional, includingTraining, cases, participants: groups },
    };
  };
  return {
    meanTest: (comparison) => meanTest(comparison),
    zeroTest: (comparison) => {
      const { equivalence, groups } = comparison;
      const holds = (pValue: number): boolean => groups >= enoughParticipants && pValue < significance;
      const adjustedPValue = adjusted.get(comparison) ?? null;
      return {
        ...meanTest(comparison, adjustedPValue ?? undefined),
        adjustedPValue,
        equivalence: equivalence && { ...equivalence, holds: holds(equivalence.pValue) },
      };
    },
  };
}

function adjustedPValues(comparisons: readonly Comparison[], rules: TestRules): Map<Comparison, number> {
  const adjusted = new Map<Comparison, number>();
  const possible = comparisons.filter((one) => one.kind === 'againstZero' && decisiveOf(one, rules).interval !== null);
  for (const metric of new Set(possible.map((one) => one.metric))) {
    const family = possible.filter((one) => one.metric === metric);
    const pValues = holmAdjusted(family.map((one) => decisiveOf(one, rules).pValue));
    family.forEach((one, index) => adjusted.set(one, pValues[index] as number));
  }
  return adjusted;
}

/** Interval and p-value of the test that decides. */
function decisiveOf(
  { conditional, includingTraining }: Comparison,
  { decides }: TestRules,
): Pick<MeanTest, 'interval' | 'pValue'> {
  if (decides === 'conditional') return conditional;
  if (includingTraining === null) return { interval: null, pValue: 1 };
  const { interval, pValue } = includingTraining;
  return { interval, pValue };
}
