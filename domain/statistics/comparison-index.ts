import type { MetricName } from '../evaluate/metrics.js';
import type { Comparison } from './compare-losses.js';

export interface ArmOfDataSet {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
}

/** Finds the comparison that answers a question; undefined if the question was not asked. */
export interface ComparisonIndex {
  againstZero(arm: ArmOfDataSet, metric: MetricName): Comparison | undefined;
  /**
   * metric(arm.loss) − metric(reference). A pair stored in the opposite direction is returned with its signs flipped.
   */
  lossPair(arm: ArmOfDataSet, reference: string, metric: MetricName): Comparison | undefined;
}

export function indexComparisons(comparisons: readonly Comparison[]): ComparisonIndex {
  const byKey = new Map(comparisons.map((comparison) => [keyOf(comparison), comparison]));
  const lookUpPair = (arm: ArmOfDataSet, reference: string, metric: MetricName): Comparison | undefined =>
    byKey.get(JSON.stringify([arm.dataSet, arm.model, metric, arm.loss, reference]));
  return {
    againstZero: ({ dataSet, model, loss }, metric) => byKey.get(JSON.stringify([dataSet, model, metric, loss, null])),
    lossPair: (arm, reference, metric) => {
      const found = lookUpPair(arm, reference, metric);
      if (found !== undefined) return found;
      const reversed = lookUpPair({ ...arm, loss: reference }, arm.loss, metric);
      return reversed && turned(reversed);
    },
  };
}

function keyOf(comparison: Comparison): string {
  const { dataSet, model, metric, loss } = comparison;
  return JSON.stringify([dataSet, model, metric, loss, comparison.kind === 'lossPair' ? comparison.reference : null]);
}

function turned(comparison: Comparison): Comparison {
  if (comparison.kind === 'againstZero') return comparison;
  const { loss, reference, mean, conditional, includingTraining } = comparison;
  return {
    ...comparison,
    loss: reference,
    reference: loss,
    mean: -mean,
    conditional: { ...conditional, interval: conditional.interval && mirrored(conditional.interval) },
    includingTraining: includingTraining && {
      ...includingTraining,
      interval: mirrored(includingTraining.interval),
    },
  };
}

function mirrored([low, high]: readonly [number, number]): [number, number] {
  return [-high, -low];
}
