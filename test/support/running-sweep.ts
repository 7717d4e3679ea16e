import { Context, heartbeat } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { statusesQueryName, type UnitsByStatus } from '../../contracts/sweep.js';
import { waitFor } from './wait-for.js';
import type { Behaviour } from './workflow-bench.js';

/** Two trainings of the small sweep. */
export const [first, second] = ['train flat/lr/ce/fold-0', 'train flat/unet/ce/fold-1'] as const;

/** Fails once. */
export const diverges: Behaviour = (_, attempt) => {
  if (attempt > 1) return {};
  throw ApplicationFailure.nonRetryable(`${first}: TRAINING_DIVERGED`, 'Diverged');
};

export interface Gate {
  readonly behaviour: Behaviour;
  open(): void;
  /** How often it was cancelled. */
  cancellations(): number;
}

/** Work that goes on until the gate is opened or it is cancelled. */
export function gate(): Gate {
  let open = (): void => undefined;
  let cancellations = 0;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const behaviour: Behaviour = async () => {
    const beat = setInterval(heartbeat, 50);
    const { cancelled } = Context.current();
    cancelled.catch(() => cancellations++);
    await Promise.race([opened, cancelled]).finally(() => clearInterval(beat));
    return {};
  };
  return { behaviour, open: () => open(), cancellations: () => cancellations };
}

export const unitsOf = (sweep: WorkflowHandle): Promise<UnitsByStatus> => sweep.query<UnitsByStatus>(statusesQueryName);

export const until = (sweep: WorkflowHandle, what: string, holds: (units: UnitsByStatus) => boolean): Promise<true> =>
  // The first task of the workflow registers the query.
  waitFor(what, async () => ((await unitsOf(sweep).then(holds, () => false)) ? true : undefined));

export const update = (sweep: WorkflowHandle, name: string, argument: readonly unknown[]): Promise<string[]> =>
  sweep.executeUpdate<string[], [readonly unknown[]]>(name, { args: [argument] });
