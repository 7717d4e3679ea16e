import type { QualityRow } from './report-input.js';

/** What preparing did to the structures of a data set. */
export interface QualitySummary {
  readonly cases: number;
  /** Relative changes of the structure's volume by resampling; null where no case has a structure. */
  readonly change: { readonly mean: number; readonly lowest: number; readonly highest: number } | null;
  /** Cases whose structure was empty before, and those whose structure resampling lost altogether. */
  readonly empty: readonly string[];
  readonly vanished: readonly string[];
  /** Cases with voxels of the structure outside the crop, the worst first: no network can find those voxels. */
  readonly cropped: readonly QualityRow[];
  readonly croppedVoxels: number;
}

export function summariseQuality(rows: readonly QualityRow[]): QualitySummary {
  const filled = rows.filter((row) => row.volumeBefore > 0);
  const changes = filled.map((row) => row.volumeAfter / row.volumeBefore - 1).sort((a, b) => a - b);
  const [lowest, highest] = [changes[0], changes[changes.length - 1]];
  const cropped = rows
    .filter((row) => row.croppedAwayVoxels > 0)
    .sort((a, b) => b.croppedAwayVoxels - a.croppedAwayVoxels || (a.caseId < b.caseId ? -1 : 1));
  return {
    cases: rows.length,
    change:
      lowest === undefined || highest === undefined
        ? null
        : { mean: changes.reduce((sum, change) => sum + change, 0) / changes.length, lowest, highest },
    empty: rows.filter((row) => row.volumeBefore === 0).map((row) => row.caseId),
    vanished: filled.filter((row) => row.volumeAfter === 0).map((row) => row.caseId),
    cropped,
    croppedVoxels: cropped.reduce((sum, row) => sum + row.croppedAwayVoxels, 0),
  };
}
