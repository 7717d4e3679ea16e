import { assertNoLeakage } from '../domain/split/leakage.js';
import { drawFolds } from '../domain/split/draw-folds.js';
import { importedFolds } from '../domain/split/imported-folds.js';
import { unitId } from '../domain/plan/units.js';
import { readInput } from '../storage/step-inputs.js';
import { splitCases, type SplitSummary, type StatisticsSummary } from '../storage/unit-cases.js';
import type { StepOutput, StepWork } from './activity-context.js';

/** Draws the folds, or takes the imported ones, and refuses those that would leak. */
export async function splitFolds({ context: { store }, request, content }: StepWork): Promise<StepOutput> {
  const name = request.coordinates.dataSet ?? '';
  const { cases } = (await readInput(store, request, unitId('statistics', { dataSet: name }))) as StatisticsSummary;
  const splittable = splitCases(cases);
  const { split, seed } = content.config;
  const folds =
    content.importedFolds === null
      ? drawFolds(splittable, { folds: split.folds, stratify: split.stratify, seed, name })
      : importedFolds(content.importedFolds, splittable);
  assertNoLeakage(folds, splittable);
  const summary: SplitSummary = { folds };
  return { files: {}, summary };
}
