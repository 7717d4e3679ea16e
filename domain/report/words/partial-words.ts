import type { PartialCounts } from '../report-input.js';
import { counted } from './format-number.js';

/** The first words of a partial report. */
export const partialHeading = 'Partial: this sweep is not finished.';

/** How far the sweep is, and what that means for the numbers. */
export function partialWords({ total, evaluated, failed }: PartialCounts): string {
  const open = total - evaluated - failed;
  const missing = [
    ...(open > 0 ? [`${open} not finished yet`] : []),
    ...(failed > 0 ? [`${failed} without results after a failure`] : []),
  ];
  const counts = `${evaluated} of ${counted(total, 'training')} with results${missing.map((text) => `, ${text}`).join('')}.`;
  return `${counts} Means and tests are of what is there now: they change as the sweep goes on, and deciding by them when to stop makes tests err more often.`;
}
