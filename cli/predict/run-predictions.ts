import { DomainError } from '../../domain/domain-error.js';
import type { CasePrediction, PredictMessage, PredictRequest } from '../../worker/predict-messages.js';
import { runChild } from '../child/run-child.js';

function placeIn({ cases }: PredictRequest, done: number): string {
  const at = cases[done];
  return at === undefined ? '' : ` at case "${at.name}"`;
}

/** Predicts in a child process. Throws its DomainError, or CHILD_FAILED if it ends without a result. */
export async function runPredictions(request: PredictRequest): Promise<CasePrediction[]> {
  const predictions: CasePrediction[] = [];
  await runChild<PredictMessage>('predict-child', {
    purpose: () => `the prediction process${placeIn(request, predictions.length)}`,
    numerics: request.ensemble.description,
    request,
    outcomeOf: (message) => {
      if (message.type === 'case') predictions.push(message.prediction);
      if (message.type === 'refused') return new DomainError(message.code, message.message);
      return message.type === 'done' ? 'done' : undefined;
    },
  });
  return predictions;
}
