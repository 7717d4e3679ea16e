import { caseMeans } from '../../evaluate/case-means.js';
import type { EvaluationRow } from '../../evaluate/evaluation-row.js';

/** Where a case stands among all, by the size of its volume error: smallest, middle, largest. */
export type GalleryPlace = 'best' | 'median' | 'worst';

export interface ChosenCase {
  readonly place: GalleryPlace;
  readonly caseId: string;
}

/**
 * The cases that stand for a data set: those with the smallest, the median (of an even number the larger) and the largest
 * |ΔV| in the rows of one arm, by mean over repeats. Equal ones count in the order of their ids. Fewer than three cases
 * are each listed once, the worst first of all.
 */
export function chooseCases(rows: readonly EvaluationRow[]): ChosenCase[] {
  const ordered = caseMeans(rows).sort(
    (a, b) => Math.abs(a.volumeError) - Math.abs(b.volumeError) || (a.caseId < b.caseId ? -1 : 1),
  );
  const last = ordered.length - 1;
  const at = { worst: last, best: 0, median: Math.ceil(last / 2) };
  const chosen = new Map<number, GalleryPlace>();
  for (const place of ['worst', 'best', 'median'] as const) {
    if (last >= 0 && !chosen.has(at[place])) chosen.set(at[place], place);
  }
  return [...chosen]
    .sort(([a], [b]) => a - b)
    .map(([index, place]) => ({ place, caseId: ordered[index]?.caseId ?? '' }));
}
