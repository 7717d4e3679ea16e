/** A process that predicts new cases and exits. `volbias predict` starts it, because cli/ must not load TensorFlow. */
import { predictor } from '../learning/network/predict.js';
import { decodeWeights } from '../learning/network/weights-file.js';
import { expectPrecision } from '../learning/tensorflow/process-numerics.js';
import { answerOnce, sendToParent } from './answer-once.js';
import { predictCase, type ReadyMember } from './predict-case.js';
import type { PredictMessage, PredictRequest } from './predict-messages.js';

answerOnce(async (request: PredictRequest) => {
  expectPrecision(process.env);
  const members = request.ensemble.members.map(({ fold, normalisation, weights }): ReadyMember => ({
    fold,
    normalisation,
    predictor: predictor(decodeWeights(weights)),
  }));
  for (const input of request.cases) {
    const prediction = await predictCase(input, members, request);
    await sendToParent({ type: 'case', prediction } satisfies PredictMessage);
  }
  await sendToParent({ type: 'done' } satisfies PredictMessage);
});
