import type { CaseFiles } from '../case-files.js';
import { listOf, type Finding } from './finding.js';

interface Known {
  /** Ids of all cases that were found, including faulty ones. */
  readonly known: readonly string[];
  /** Participant of each case in the participants file. */
  readonly listed: ReadonlyMap<string, string> | undefined;
}

/**
 * Possible mistakes in the participants: cases that are not in the data set, names that differ only in spelling (P01,
 * p1), and one participant with most of the cases.
 */
export function participantFindings(cases: readonly CaseFiles[], { known, listed }: Known): Finding[] {
  const warnings: string[] = [];
  const found = new Set(known);
  const strangers = [...(listed?.keys() ?? [])].filter((id) => !found.has(id));
  if (strangers.length > 0) {
    warnings.push(`the participants file names cases that are not in the data set: ${listOf(strangers)}`);
  }
  const bySpelling = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  for (const { participant } of cases) {
    const plain = plainName(participant);
    bySpelling.set(plain, (bySpelling.get(plain) ?? new Set()).add(participant));
    counts.set(participant, (counts.get(participant) ?? 0) + 1);
  }
  for (const names of bySpelling.values()) {
    if (names.size > 1) warnings.push(`participants that may be the same: ${listOf([...names])}`);
  }
  for (const [participant, count] of counts) {
    if (count > 2 && count > cases.length / 2) {
      warnings.push(`participant ${participant} has ${count} of ${cases.length} cases, so the folds cannot be even`);
    }
  }
  return warnings.map((message) => ({ severity: 'warning', message }));
}

/** The name in lower case and in one Unicode form, without separators and leading zeros. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.-]+/g, '')
    .replace(/(?<!\d)0+(?=\d)/g, '');
}
