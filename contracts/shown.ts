import type { UnitCoordinates } from '../domain/plan/units.js';
import type { JobProgress } from './job-progress.js';

/**
 * Precedes, inside our own processes, a text that Temporal's page shows to everybody who can open it: the codec takes the
 * mark away and leaves the text in clear. No name or id can contain it.
 */
export const shownMark = '\u0001in clear\u0001';

/** All that is ever shown consists of these, and is short. */
export const shownPattern = /^[\p{L}\p{N} ·.,:/()%\n-]{1,2000}$/u;

/** A text for Temporal's page. It must name no data set, file or case: nothing hides it. */
export function shown(text: string): string {
  return `${shownMark}${text}`;
}

/** A unit in words, such as `train unet/sd · fold 3`; `dataSet` is what stands for its data set, never its name. */
export function unitInWords(step: string, coordinates: UnitCoordinates, dataSet?: string): string {
  const { model, loss, shard, fold, repeat } = coordinates;
  const parts = [
    model === undefined || loss === undefined ? step : `${step} ${model}/${loss}`,
    fold === undefined ? undefined : `fold ${fold}`,
    repeat === undefined ? undefined : `repeat ${repeat}`,
    shard === undefined ? undefined : `shard ${shard}`,
    dataSet,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** How far a job has got, such as `train unet/sd · fold 3 · epoch 212 of 300 · loss 0.352 · val 0.341`. */
export function progressInWords(unit: string, progress: Omit<JobProgress, 'unit'>): string {
  const { phase, done, total, loss, validationLoss } = progress;
  const parts = [
    unit,
    total > 0 ? `${phase} ${done} of ${total}` : phase,
    loss === undefined ? undefined : `loss ${loss.toPrecision(3)}`,
    validationLoss === undefined ? undefined : `val ${validationLoss.toPrecision(3)}`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
