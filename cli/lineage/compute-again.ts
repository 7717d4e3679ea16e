import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { StepResult } from '../../contracts/activities.js';
import { DomainError } from '../../domain/domain-error.js';
import { computeEnvironment } from '../../storage/machine/compute-environment.js';
import { readRuntimeRecord } from '../../storage/machine/runtime-record.js';
import type { ChildMessage, ChildRequest } from '../../worker/compute-messages.js';

const script = fileURLToPath(new URL('../../worker/compute-child.js', import.meta.url));

/** Does one unit's work in a process of its own, without the engine. Throws its DomainError, or CHILD_FAILED. */
export async function computeAgain(request: ChildRequest): Promise<StepResult> {
  const { libraryPath } = (await readRuntimeRecord()).tensorflow;
  const child = fork(script, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: computeEnvironment(process.env, { numerics: request.job.numerics, libraryPath }),
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    let outcome: ChildMessage | undefined;
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'result' || message.type === 'refused') outcome = message;
      // After a success it would wait for another job.
      if (message.type === 'result') child.kill('SIGTERM');
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (outcome?.type === 'result') resolve(outcome.result);
      else if (outcome?.type === 'refused') reject(new DomainError(outcome.code, outcome.message));
      else reject(new DomainError('CHILD_FAILED', `its process ended (${String(signal ?? code)}):\n${errors}`));
    });
    child.send(request);
  });
}
