import { ApplicationFailure, CancellationScope, condition, defineSignal, setHandler } from '@temporalio/workflow';

import type { StepRequest, StepResult } from '../contracts/activities.js';
import type { StepDeclaration } from '../contracts/step-declaration.js';
import { joinSignalName, leaveSignalName } from '../contracts/workflow-ids.js';
import { runStep } from './run-step.js';

/**
 * One unit that several sweeps may ask for, such as a training. Its workflow id is the unit's key, so the engine runs it
 * once. It belongs to no sweep: each that wants the result joins and leaves, and when the last has left, the work is
 * cancelled. The activity finds the artifact where an earlier run has left it.
 */
export async function sharedUnit(step: StepDeclaration, request: StepRequest): Promise<StepResult> {
  const waiting = new Set<string>();
  setHandler(defineSignal<[string]>(joinSignalName), (run) => void waiting.add(run));
  setHandler(defineSignal<[string]>(leaveSignalName), (run) => void waiting.delete(run));
  const work = new CancellationScope();
  let over = false;
  const watch = async (): Promise<void> => {
    await condition(() => over || waiting.size > 0);
    await condition(() => over || waiting.size === 0);
    if (!over) work.cancel();
  };
  const watching = watch();
  try {
    return await work.run(() => runStep(step, request));
  } catch (error) {
    if (!work.consideredCancelled) throw error;
    throw ApplicationFailure.nonRetryable('nobody waited for it any more', 'Abandoned');
  } finally {
    over = true;
    await watching;
  }
}
