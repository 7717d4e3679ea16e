import { assertNoLeakage } from '../domain/split/leakage.js';
import { drawFolds } from '../domain/split/draw-folds.js';
import { importedFolds } from '../domain/split/imported-folds.js';
import { unitId } from '../domain/plan/units.js';
import { readInput } from '../storage/sweeps/step-inputs.js';
import { splitCases, type SplitSummary, type StatisticsSummary } from '../storage/cases/unit-cases.js';
import type { StepOutput, StepWork } from './activity-context.js';

/** Draws the folds, or takes the imported ones, and refuses those that would leak. */
export async function splitFolds({ context: { store }, request, content }: StepWork): Promise<StepOutput> {
  const name = request.coordinates.dataSet ?? '';
  const { cases, excluded = [] } = (await readInput(
    store,
    request,
    unitId('statistics', { dataSet: name }),
  )) as StatisticsSummary;
  const splittable = splitCases(cases);
  const { split, seed } = content.config;
  const folds =
    content.importedFolds === null
      ? drawFolds(splittable, { folds: split.folds, stratify: split.stratify, seed, name })
      : importedFolds(withoutCases(content.importedFolds, excluded), splittable);
  assertNoLeakage(folds, splittable);
  const summary: SplitSummary = { folds };
  return { files: {}, summary };
}

/** The folds of a file without the cases that the config excludes as faulty; other faults are found where it is used. */
function withoutCases(folds: unknown, excluded: readonly { readonly id: string }[]): unknown {
  const ids = new Set<unknown>(excluded.map(({ id }) => id));
  if (!Array.isArray(folds)) return folds;
  return folds.map((fold: unknown) => (Array.isArray(fold) ? fold.filter((id: unknown) => !ids.has(id)) : fold));
}
