import { z } from 'zod';

import { assertNoLeakage } from '../domain/split/leakage.js';
import { drawFolds } from '../domain/split/draw-folds.js';
import { checkedFolds } from '../domain/split/checked-folds.js';
import { statistics, type CaseStatistics } from './statistics.js';
import { defineStep } from './step.js';

/** Case ids, fold by fold. */
const summary = z.strictObject({ folds: z.array(z.array(z.string())) });

/** Draws the folds, or takes the imported ones, and refuses those that would leak. */
export const split = defineStep({
  name: 'split',
  version: 1,
  does: 'draws folds grouped by study participant',
  needs: [statistics],
  fanOut: 'dataSet',
  queue: 'data',
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  // Random streams are named by seed and data set, so both are part of what depends on them.
  settings: ({ config, dataSet: { name }, importedFolds }) => ({
    ...config.split,
    seed: config.seed,
    dataSet: name,
    ...(importedFolds !== null && { importedFolds }),
  }),
  summary,
  run: async ({ settings: { folds, stratify, seed, dataSet: name, importedFolds }, inputs }) => {
    const { cases, excluded = [] } = (await inputs.one(statistics)).summary;
    const known = splitCases(cases);
    const left = new Set(excluded);
    const chosen =
      importedFolds === undefined
        ? drawFolds(known, { folds, stratify, seed, name })
        : // The file may name cases that the config excludes as faulty.
          checkedFolds(
            importedFolds.map((fold) => fold.filter((id) => !left.has(id))),
            known,
          );
    assertNoLeakage(chosen, known);
    return { files: {}, summary: { folds: chosen.map((fold) => [...fold]) } };
  },
});

/** Cases as splitting sees them. */
export function splitCases(
  cases: readonly CaseStatistics[],
): { id: string; participant: string; volume: number; imageDigest: string }[] {
  return cases.map(({ id, participant, quality, images }) => ({
    ...{ id, participant, volume: quality.volumeAfter, imageDigest: images },
  }));
}
