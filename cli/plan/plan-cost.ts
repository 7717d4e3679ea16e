import { DomainError } from '../../domain/domain-error.js';
import { mostTrainingSeconds, type Pace } from '../../domain/plan/training-cost.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepPlan } from '../../steps/planning/plan-sweep.js';
import { train } from '../../steps/train.js';
import type { PaceMessage, PaceRequest } from '../../worker/pace-messages.js';
import { armsToRun, type ArmToRun } from './arms-to-run.js';
import { runChild } from '../child/run-child.js';

export interface ArmCost extends ArmToRun, Pace {
  /** Memory that one of them uses. */
  readonly peakMemoryBytes: number;
  /** Seconds of all of them at most, one after the other. */
  readonly seconds: number;
}

/**
 * What the trainings that a run would do cost at most on this machine: each arm is trained for a few seconds on random
 * images of its size.
 */
export async function planCost(
  content: SweepContent,
  plan: SweepPlan,
  onArm: (arm: string) => void,
): Promise<ArmCost[]> {
  const { dataSets, training, split } = content.config;
  const costs: ArmCost[] = [];
  for (const arm of armsToRun(plan, content.config)) {
    const { dataSet, model, loss, trainings } = arm;
    const { phantom } = dataSets.find(({ name }) => name === dataSet) ?? {};
    const cases = plan.scans.get(dataSet)?.found.cases.length ?? phantom?.cases ?? 0;
    onArm(`${dataSet}/${model}/${loss}`);
    const { pace, peakMemoryBytes } = await measured({ content, coordinates: { dataSet, model, loss, fold: 0 } });
    const { batchSize, maxEpochs, validation } = training;
    const extent = { trainings, cases, folds: split.folds, batchSize, maxEpochs };
    const seconds = mostTrainingSeconds({ ...extent, innerValidation: validation === 'inner' }, pace);
    costs.push({ ...arm, ...pace, peakMemoryBytes, seconds });
  }
  return costs;
}

async function measured(request: PaceRequest): Promise<Omit<Extract<PaceMessage, { type: 'pace' }>, 'type'>> {
  let result: Extract<PaceMessage, { type: 'pace' }> | undefined;
  const { dataSet = '', model = '', loss = '' } = request.coordinates;
  const purpose = (): string => `the process that measured ${dataSet}/${model}/${loss}`;
  await runChild<PaceMessage>('pace-child', {
    ...{ purpose, request, numerics: train.numericsAt(request.content, request.coordinates) },
    outcomeOf: (message) => {
      if (message.type === 'refused') return new DomainError(message.code, message.message);
      result = message;
      return 'done';
    },
  });
  if (result === undefined) throw new DomainError('CHILD_FAILED', `${purpose()} sent no result`);
  return result;
}
