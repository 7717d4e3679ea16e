import { unpredictableVolume, type UnpredictableVolume } from '../preprocess/mask/structure-quality.js';
import type { PreparationEffect } from './results.js';
import type { PreparedDataSet, QualityRow } from './results-input.js';

/** Summarises what preparation did to the cases of a data set, before any network saw them. */
export function preparationOf({ cases, quality, excluded = [] }: PreparedDataSet): PreparationEffect {
  const filled = quality.filter((row) => row.volumeBefore > 0);
  const changes = filled.map((row) => row.volumeAfter / row.volumeBefore - 1).sort((a, b) => a - b);
  const [lowest, highest] = [changes[0], changes[changes.length - 1]];
  const unpredictable = quality
    .map(({ caseId, ...row }) => ({ caseId, volume: unpredictableVolume(row), of: row.volumeBefore }))
    .filter(({ volume }) => volume > 0)
    .sort((a, b) => b.volume / b.of - a.volume / a.of || (a.caseId < b.caseId ? -1 : 1));
  const patched = quality.filter(({ nonFiniteVoxels = 0 }) => nonFiniteVoxels > 0);
  const aligned = quality.filter(({ aligned: modalities = [] }) => modalities.length > 0);
  const sheared = quality.filter(({ shearDegrees = 0 }) => shearDegrees > 0);
  return {
    cases: quality.length,
    foundCases: cases + excluded.length,
    change:
      lowest === undefined || highest === undefined
        ? null
        : { mean: changes.reduce((sum, change) => sum + change, 0) / changes.length, lowest, highest },
    empty: quality.filter((row) => row.volumeBefore === 0).map(({ caseId }) => caseId),
    vanished: filled.filter((row) => row.volumeAfter === 0).map(({ caseId }) => caseId),
    unpredictable,
    meanUnpredictable: quality.length === 0 ? null : meanParts(quality),
    patched: patched.map(({ caseId }) => caseId),
    patchedVoxels: patched.reduce((sum, { nonFiniteVoxels = 0 }) => sum + nonFiniteVoxels, 0),
    aligned: aligned.map(({ caseId }) => caseId),
    outsideVoxels: aligned
      .flatMap(({ aligned: modalities = [] }) => modalities)
      .reduce((sum, { outsideVoxels }) => sum + outsideVoxels, 0),
    sheared: sheared.map(({ caseId }) => caseId),
    largestShearDegrees: Math.max(0, ...sheared.map(({ shearDegrees = 0 }) => shearDegrees)),
  };
}

function meanParts(quality: readonly QualityRow[]): UnpredictableVolume {
  const mean = (reason: keyof UnpredictableVolume): number =>
    quality.reduce((sum, row) => sum + row.unpredictable[reason], 0) / quality.length;
  return { fieldOfView: mean('fieldOfView'), crop: mean('crop'), margin: mean('margin'), mask: mean('mask') };
}
