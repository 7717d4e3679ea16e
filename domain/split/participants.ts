import { DomainError } from '../domain-error.js';

export interface SplitCase {
  readonly id: string;
  readonly participant: string;
  /** Volume of the structure, in any common unit. */
  readonly volume: number;
}

/** One participant with all their cases. */
export interface Participant {
  readonly name: string;
  readonly ids: readonly string[];
  readonly meanVolume: number;
}

/**
 * The participants of the cases, sorted by name. Throws SPLIT_INVALID for a duplicate case, ARGUMENT_INVALID for a
 * volume that is not a finite number.
 */
export function participantsOf(cases: readonly SplitCase[]): Participant[] {
  const groups = new Map<string, SplitCase[]>();
  const seen = new Set<string>();
  for (const one of cases) {
    if (seen.has(one.id)) throw new DomainError('SPLIT_INVALID', `case ${one.id} is listed twice`, { case: one.id });
    if (!Number.isFinite(one.volume)) {
      throw new DomainError(
        'ARGUMENT_INVALID',
        `case ${one.id} has a volume of ${one.volume}; expected a finite number`,
        { case: one.id },
      );
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
