import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { DomainError } from '../../domain/domain-error.js';
import { computeEnvironment } from '../../storage/machine/compute-environment.js';
import { readRuntimeRecord } from '../../storage/machine/runtime-record.js';
import type { CasePrediction, PredictMessage, PredictRequest } from '../../worker/predict-messages.js';

const script = fileURLToPath(new URL('../../worker/predict-child.js', import.meta.url));

function placeIn({ cases }: PredictRequest, done: number): string {
  const at = cases[done];
  return at === undefined ? '' : ` at case "${at.name}"`;
}

/** Predicts in a child process. Throws its DomainError, or CHILD_FAILED if it ends without a result. */
export async function runPredictions(request: PredictRequest): Promise<CasePrediction[]> {
  const { libraryPath } = (await readRuntimeRecord()).tensorflow;
  const child = fork(script, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: computeEnvironment(process.env, { numerics: request.ensemble.description, libraryPath }),
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    const predictions: CasePrediction[] = [];
    let outcome: Exclude<PredictMessage, { type: 'case' }> | undefined;
    child.on('message', (message: PredictMessage) => {
      if (message.type === 'case') predictions.push(message.prediction);
      else outcome = message;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (outcome?.type === 'done') resolve(predictions);
      else if (outcome?.type === 'refused') reject(new DomainError(outcome.code, outcome.message));
      else
        reject(
          new DomainError(
            'CHILD_FAILED',
            `the prediction process ended (${String(signal ?? code)})${placeIn(request, predictions.length)}:\n${errors}`,
          ),
        );
    });
    child.send(request);
  });
}
