import { ApplicationFailure, CancellationScope, condition, defineSignal, setHandler } from '@temporalio/workflow';

import type { StepRequest, StepResult } from '../contracts/activities.js';
import type { StepDeclaration } from '../contracts/step-declaration.js';
import { joinSignalName, leaveSignalName } from '../contracts/workflow-ids.js';
import { runStep } from './run-step.js';

/**
 * Runs one unit that several sweeps may need, such as a training. The workflow's id contains the unit's key, so the
 * engine runs it only once. It belongs to no sweep: each sweep that needs the result joins and may leave, and when the
 * last one leaves, the work is cancelled. If an earlier run has stored the artifact, the activity finds it.
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
