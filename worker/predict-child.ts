/** A process that predicts new cases and exits. `volbias predict` starts it, because cli/ must not load TensorFlow. */
import { DomainError } from '../domain/domain-error.js';
import { predictor } from '../learning/network/predict.js';
import { decodeWeights } from '../learning/network/weights-file.js';
import { predictCase, type ReadyMember } from './predict-case.js';
import type { PredictMessage, PredictRequest } from './predict-messages.js';

// Without the parent, nothing would receive the result: exit at once.
process.on('disconnect', () => process.exit(1));

process.once('message', (request: PredictRequest) => {
  void work(request);
});

async function work(request: PredictRequest): Promise<void> {
  try {
    const members = request.ensemble.members.map(({ fold, normalisation, weights }): ReadyMember => ({
      fold,
      normalisation,
      predictor: predictor(decodeWeights(weights)),
    }));
    for (const input of request.cases) {
      await send({ type: 'case', prediction: await predictCase(input, members, request) });
    }
    await send({ type: 'done' });
  } catch (error) {
    if (error instanceof DomainError) await send({ type: 'refused', code: error.code, message: error.message });
    else throw error;
  }
  process.removeAllListeners('disconnect');
  process.disconnect();
}

function send(message: PredictMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('a prediction process is started by "volbias predict"');
    process.send(message, undefined, {}, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
