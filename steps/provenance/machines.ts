import { canonicalJson } from '../../domain/plan/key.js';
import type { Machine } from '../../domain/report/report-input.js';
import type { RecordedWork } from '../../storage/store/work-records.js';

/** Lists each numeric environment once, with what it made; the one that made the most comes first. */
export function machinesOf(works: readonly RecordedWork[]): Machine[] {
  const groups = new Map<string, RecordedWork[]>();
  for (const work of works) {
    const { process: _, ...machine } = work.environment;
    const name = canonicalJson(machine);
    groups.set(name, [...(groups.get(name) ?? []), work]);
  }
  const bySize = [...groups].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
  return bySize.map(([, made]) => ({ made: countsOf(made), facts: factsOf(made) }));
}

function countsOf(works: readonly RecordedWork[]): Machine['made'] {
  const counts = new Map<string, number>();
  for (const { step } of works) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([step, units]) => ({ step, units }));
}

/** What is known of a machine and of the processes that computed on it. A fact with several values lists them all. */
function factsOf(works: readonly RecordedWork[]): Machine['facts'] {
  const values = new Map<string, Set<string>>();
  const note = (name: string, value: unknown): void => {
    const text = typeof value === 'string' ? value : canonicalJson(value);
    values.set(name, (values.get(name) ?? new Set()).add(text));
  };
  for (const { environment } of works) {
    const { process, ...machine } = environment;
    const { settings, ...ofProcess } = record(process);
    for (const [name, value] of Object.entries({ ...machine, ...ofProcess, ...record(settings) })) {
      if (value !== null) note(name, value);
    }
  }
  return [...values].map(([name, found]) => ({ name, value: [...found].sort().join('; ') }));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
