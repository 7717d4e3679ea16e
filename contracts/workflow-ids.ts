/** Each config has one sweep: running the config again joins the sweep if it is running, and otherwise resumes it. */
export function sweepWorkflowId(release: string, sweepId: string): string {
  return `sweep-${release}-${sweepId}`;
}

/** Each shared unit has one workflow, whichever sweeps need it: the id contains its key, so the work is done once. */
export function sharedUnitWorkflowId(release: string, key: string): string {
  return `unit-${release}-${key}`;
}

/** Signals to a shared unit's workflow; their argument is the id of the waiting run. */
export const joinSignalName = 'join';
export const leaveSignalName = 'leave';
