import type { Participant } from './participants.js';

/** Three groups of nearly equal size, by mean volume; ties by name. */
export function volumeTerciles(participants: readonly Participant[]): Participant[][] {
  const sorted = [...participants].sort((a, b) => a.meanVolume - b.meanVolume || (a.name < b.name ? -1 : 1));
  const bound = (third: number): number => Math.round((sorted.length * third) / 3);
  return [0, 1, 2].map((third) => sorted.slice(bound(third), bound(third + 1)));
}
