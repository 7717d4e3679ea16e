/** One sweep a config: running it again joins the one that runs, or goes on where it ended. */
export function sweepWorkflowId(sweepId: string): string {
  return `sweep-${sweepId}`;
}

/** One workflow a training, whatever sweep asks for it: its id is the training's key, so it runs once. */
export function trainingUnitWorkflowId(trainKey: string): string {
  return `training-unit-${trainKey}`;
}
