import type { UnitFailure } from '../../contracts/sweep.js';
import { mayRerun, remediesFor } from '../../domain/plan/failure-advice.js';
import { wordsOfFailure } from '../../storage/sweeps/failure-records.js';
import type { Project } from '../project.js';
import { commandFor, type PlaceFlags } from '../terminal/command-for.js';

/** A failure as it is told, with the command that runs its unit again where that may help. */
export interface ToldFailure {
  readonly unit: string;
  readonly kind: string;
  readonly reason: string;
  readonly again: string | undefined;
}

/** The failures of a sweep, and what to do. */
export interface ToldFailures {
  readonly failures: readonly ToldFailure[];
  readonly remedies: readonly string[];
  /** The command that runs all of them again, where that may help any of them. */
  readonly again: string | undefined;
}

/** Failures with their whole reasons, which are in the data folder or its store. */
export async function tellFailures(
  project: Pick<Project, 'folder' | 'store'>,
  { sweep, failures }: { readonly sweep: string; readonly failures: readonly UnitFailure[] },
  place: PlaceFlags,
): Promise<ToldFailures> {
  const told = failures.map(async (failure) => {
    const { unit, kind } = failure;
    const again = mayRerun(failure) ? commandFor(`rerun ${sweep} --unit`, place, unit) : undefined;
    return { unit, kind, reason: await wordsOfFailure(project, sweep, failure), again };
  });
  const again = failures.some(mayRerun) ? commandFor(`rerun ${sweep} --failed`, place) : undefined;
  return { failures: await Promise.all(told), remedies: remediesFor(failures), again };
}

/** A line for each failure. */
export function failureLines({ failures }: ToldFailures): string[] {
  return failures.map(({ unit, kind, reason }) => `FAILED ${unit} (${kind}): ${reason}`);
}
