/**
 * A process that does the work of units, one after the other, and stores their results; child-process-runner.ts starts
 * it. It goes on to another unit only after a success.
 */
import type { StepResult } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import { DomainError } from '../domain/domain-error.js';
import { stepNamed } from '../steps/pipeline.js';
import { runUnit } from '../steps/run-unit.js';
import { Interrupted } from '../steps/step.js';
import { surroundingsOf } from '../steps/surroundings.js';
import { readNumericEnvironment } from '../storage/machine/runtime-record.js';
import { dataFolderIn, openStore } from '../storage/store/shared/open-store.js';
import type { ProcessFacts } from '../storage/store/work-records.js';
import { isDiskFull } from '../storage/files/file-errors.js';
import { readSweepContent } from '../storage/sweeps/sweep-content.js';
import { forgetPeakMemory, memoryInWords } from '../storage/machine/memory.js';
import { isWantOfMemory } from './child-death.js';
import { sendToParent } from './answer-once.js';
import type { ChildMessage, ChildRequest } from './compute-messages.js';

/** A small training takes a thousand steps a second; nobody can read as many messages. */
const millisecondsBetweenProgress = 100;

const interruption = new AbortController();

const send = (message: ChildMessage): Promise<void> => sendToParent(message);

let isWorking = false;

process.on('SIGTERM', () => {
  interruption.abort(new Interrupted());
  if (!isWorking) process.disconnect();
});
// Ctrl-C reaches the whole process group; the worker decides whether this process stops.
process.on('SIGINT', () => undefined);
// So does the warning of a batch system. Without a handler, Node opens its debugger.
process.on('SIGUSR1', () => undefined);
// The worker, which reads this, may be gone.
process.stderr.on('error', () => undefined);
// Without the parent, nothing would receive the result: exit at once.
process.on('disconnect', () => process.exit(1));

process.on('message', (request: ChildRequest) => {
  isWorking = true;
  void work(request).then((succeeded) => {
    isWorking = false;
    if (!succeeded || interruption.signal.aborted) process.disconnect();
  });
});

/** Whether it has succeeded. Rejects, which ends this process, if the worker is gone. */
async function work(request: ChildRequest): Promise<boolean> {
  try {
    forgetPeakMemory();
    await send({ type: 'result', result: await resultOf(request) });
    return true;
  } catch (error) {
    if (error instanceof Interrupted) {
      await send({ type: 'interrupted' });
    } else if (error instanceof DomainError) {
      process.stderr.write(`${error.stack ?? error.message}\n`);
      await send({ type: 'refused', code: error.code, message: error.message });
    } else {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      const code = isDiskFull(error) ? 'DISK_FULL' : isWantOfMemory(error) ? 'OUT_OF_MEMORY' : undefined;
      if (code === undefined) process.exitCode = 1;
      else await send({ type: 'refused', code, message: wordsOf(error, code) });
    }
    return false;
  }
}

function wordsOf(error: unknown, code: 'DISK_FULL' | 'OUT_OF_MEMORY'): string {
  const message = error instanceof Error ? error.message : String(error);
  return code === 'DISK_FULL' ? message : `${message} (${memoryInWords(process.resourceUsage().maxRSS * 1024)})`;
}

async function resultOf({ job, dataFolder, store: address }: ChildRequest): Promise<StepResult> {
  const began = clocks();
  const folder = dataFolderIn(dataFolder, { ...process.env, VOLBIAS_STORE: address });
  const { store, lineage } = openStore(folder, process.env);
  const content = await readSweepContent(store, job.request.specification);
  let lastProgress = -Infinity;
  // Of the last step and epoch that have not been told of.
  let last: Pick<JobProgress, 'loss' | 'validationLoss'> = {};
  const surroundings = await surroundingsOf(job.request, content, {
    ...{ store, lineage, folder, signal: interruption.signal },
    environment: await readNumericEnvironment(),
    onProgress: (progress) => {
      const { loss = last.loss, validationLoss = last.validationLoss } = progress;
      last = { ...(loss !== undefined && { loss }), ...(validationLoss !== undefined && { validationLoss }) };
      const now = performance.now();
      if (now < lastProgress + millisecondsBetweenProgress) return;
      lastProgress = now;
      void send({ type: 'progress', progress: { unit: job.unit, ...progress, ...last } });
      last = {};
    },
    onRemark: (text) => {
      process.stderr.write(`${job.unit} ${text}\n`);
      void send({ type: 'remark', text });
    },
    onCase: (id) => {
      void send({ type: 'case', id });
    },
  });
  const { request } = job;
  return runUnit({ step: stepNamed(job.step), request, content }, surroundings, () => factsOf(job, began));
}

async function factsOf({ numerics }: ChildRequest['job'], began: Clocks): Promise<ProcessFacts> {
  const now = clocks();
  const resources = {
    // libuv reports kibibytes on Linux, macOS and Windows alike.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    seconds: now.seconds - began.seconds,
    processorSeconds: now.processorSeconds - began.processorSeconds,
  };
  if (numerics === undefined) return { resources };
  // Known only once TensorFlow is loaded; by now the work has loaded it.
  const { processNumerics } = await import('../learning/tensorflow/process-numerics.js');
  return { resources, process: processNumerics(process.env) };
}

type Clocks = Readonly<Record<'seconds' | 'processorSeconds', number>>;

function clocks(): Clocks {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, processorSeconds: (user + system) / 1e6 };
}
