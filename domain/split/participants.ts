import { DomainError } from '../domain-error.js';

export interface SplitCase {
  readonly id: string;
  readonly participant: string;
  /** Of the structure, in any one unit. */
  readonly volume: number;
}

/** One participant with all their cases. */
export interface Participant {
  readonly name: string;
  readonly ids: readonly string[];
  readonly meanVolume: number;
}

/** The participants of the cases, sorted by name; SPLIT_INVALID for a case that is there twice. */
export function participantsOf(cases: readonly SplitCase[]): Participant[] {
  const groups = new Map<string, SplitCase[]>();
  const seen = new Set<string>();
  for (const one of cases) {
    if (seen.has(one.id)) throw new DomainError('SPLIT_INVALID', `case ${one.id} is there twice`, { case: one.id });
    if (!Number.isFinite(one.volume)) {
      throw new DomainError('ARGUMENT_INVALID', `case ${one.id} has a volume of ${one.volume}`, { case: one.id });
    }
    seen.add(one.id);
    groups.set(one.participant, [...(groups.get(one.participant) ?? []), one]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => {
      const sorted = members.sort((a, b) => (a.id < b.id ? -1 : 1));
      const sum = sorted.reduce((total, { volume }) => total + volume, 0);
      return { name, ids: sorted.map(({ id }) => id), meanVolume: sum / sorted.length };
    });
}
