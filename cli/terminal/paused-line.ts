import type { SweepProgress } from '../../contracts/sweep.js';
import { counted } from '../../domain/report/words/format-number.js';

/** What is paused of a sweep and how it goes on; undefined if nothing is. */
export function pausedLine({ held, stopping }: SweepProgress, sweep: string): string | undefined {
  const saving = stopping === 0 ? [] : [`stopping: ${counted(stopping, 'unit')} to save and stop`];
  const paused = held === 0 ? [] : [`paused: ${counted(held, 'unit')}; to go on: volbias resume ${sweep}`];
  const all = [...saving, ...paused];
  return all.length === 0 ? undefined : all.join(' · ');
}
