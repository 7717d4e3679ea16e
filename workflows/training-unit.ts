import type { StepRequest, StepResult } from '../contracts/activities.js';
import { runStep } from './run-step.js';

/**
 * One training. Its workflow id is the training's key, so the engine runs it once however many sweeps ask for it; the
 * activity finds the artifact where an earlier run has left it.
 */
export async function trainingUnit(request: StepRequest): Promise<StepResult> {
  return runStep('train', request);
}
