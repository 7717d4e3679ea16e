import type { Preparation } from './results.js';
import type { PreparedDataSet } from './results-input.js';

/** Summarises what preparation did to the cases of a data set, before any network saw them. */
export function preparationOf({ cases, quality, excluded = [] }: PreparedDataSet): Preparation {
  const filled = quality.filter((row) => row.volumeBefore > 0);
  const changes = filled.map((row) => row.volumeAfter / row.volumeBefore - 1).sort((a, b) => a - b);
  const [lowest, highest] = [changes[0], changes[changes.length - 1]];
  const cropped = quality
    .filter((row) => row.croppedAwayVoxels > 0)
    .sort((a, b) => b.croppedAwayVoxels - a.croppedAwayVoxels || (a.caseId < b.caseId ? -1 : 1));
  const patched = quality.filter(({ nonFiniteVoxels = 0 }) => nonFiniteVoxels > 0);
  const aligned = quality.filter(({ aligned: modalities = [] }) => modalities.length > 0);
  return {
    cases: quality.length,
    foundCases: cases + excluded.length,
    change:
      lowest === undefined || highest === undefined
        ? null
        : { mean: changes.reduce((sum, change) => sum + change, 0) / changes.length, lowest, highest },
    empty: quality.filter((row) => row.volumeBefore === 0).map(({ caseId }) => caseId),
    vanished: filled.filter((row) => row.volumeAfter === 0).map(({ caseId }) => caseId),
    cropped,
    croppedVoxels: cropped.reduce((sum, row) => sum + row.croppedAwayVoxels, 0),
    patched: patched.map(({ caseId }) => caseId),
    patchedVoxels: patched.reduce((sum, { nonFiniteVoxels = 0 }) => sum + nonFiniteVoxels, 0),
    aligned: aligned.map(({ caseId }) => caseId),
    outsideVoxels: aligned
      .flatMap(({ aligned: modalities = [] }) => modalities)
      .reduce((sum, { outsideVoxels }) => sum + outsideVoxels, 0),
  };
}
