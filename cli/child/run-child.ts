import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { DomainError } from '../../domain/domain-error.js';
import { computeEnvironment, type ComputeNumerics } from '../../storage/machine/compute-environment.js';
import { readRuntimeRecord } from '../../storage/machine/runtime-record.js';

export interface ChildOptions<Message> {
  /** What the process is for, in words for its failure. */
  readonly purpose: () => string;
  readonly numerics: ComputeNumerics | undefined;
  readonly request: object;
  /** The outcome, if a message is one. */
  readonly outcomeOf: (message: Message, child: ChildProcess) => Outcome | undefined;
}

export type Outcome = DomainError | 'done';

/**
 * Starts a process of worker/, sends it a request, and waits for its end: cli/ loads no TensorFlow itself. Throws the
 * error that it reports, or CHILD_FAILED if it ends without an outcome.
 */
export async function runChild<Message>(
  name: 'compute-child' | 'pace-child' | 'predict-child',
  { purpose, numerics, request, outcomeOf }: ChildOptions<Message>,
): Promise<void> {
  const { libraryPath } = (await readRuntimeRecord()).tensorflow;
  const script = fileURLToPath(new URL(`../../worker/${name}.js`, import.meta.url));
  const child = fork(script, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: computeEnvironment(process.env, { numerics, libraryPath }),
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    let outcome: Outcome | undefined;
    child.on('message', (message) => (outcome = outcomeOf(message as Message, child) ?? outcome));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (outcome === 'done') resolve();
      else
        reject(
          outcome ?? new DomainError('CHILD_FAILED', `${purpose()} ended (${String(signal ?? code)}):\n${errors}`),
        );
    });
    child.send(request);
  });
}
