import type { SweepProgress } from '../../contracts/sweep.js';
import { counted } from '../../domain/report/words/format-number.js';

/** What is paused of a sweep and the command by which it goes on; undefined if nothing is. */
export function pausedLine({ held, stopping }: SweepProgress, resume: string): string | undefined {
  const saving = stopping === 0 ? [] : [`stopping: ${counted(stopping, 'unit')} to save and stop`];
  const paused = held === 0 ? [] : [`paused: ${counted(held, 'unit')}; to go on: ${resume}`];
  const all = [...saving, ...paused];
  return all.length === 0 ? undefined : all.join(' · ');
}
