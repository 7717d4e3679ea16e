import { generation } from './generation.js';

/** One sweep a config: running it again joins the one that runs, or goes on where it ended. */
export function sweepWorkflowId(sweepId: string): string {
  return `sweep-${generation}-${sweepId}`;
}

/** One workflow a shared unit, whatever sweep asks for it: its id is the unit's key, so the work is done once. */
export function sharedUnitWorkflowId(key: string): string {
  return `unit-${generation}-${key}`;
}

/** Signals of a shared unit's workflow, with the id of the run that waits. */
export const joinSignalName = 'join';
export const leaveSignalName = 'leave';
