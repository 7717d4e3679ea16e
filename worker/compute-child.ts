/** A process that does one unit's work, stores what it made and ends: child-process-runner.ts starts it. */
import type { StepResult } from '../contracts/activities.js';
import { DomainError } from '../domain/domain-error.js';
import { stepNamed } from '../steps/pipeline.js';
import { runUnit } from '../steps/run-unit.js';
import { Interrupted } from '../steps/step.js';
import { surroundingsOf } from '../steps/surroundings.js';
import { readNumericEnvironment } from '../storage/machine/runtime-record.js';
import { dataFolderAt } from '../storage/store/data-folder.js';
import { LineageLog } from '../storage/store/lineage-log.js';
import { LocalArtifactStore } from '../storage/store/local-artifact-store.js';
import type { ProcessFacts } from '../storage/store/work-records.js';
import { readSweepContent } from '../storage/sweeps/sweep-content.js';
import type { ChildMessage, ChildRequest } from './compute-messages.js';

const interruption = new AbortController();

process.on('SIGTERM', () => {
  interruption.abort(new Interrupted());
});
// Ctrl-C reaches the whole group of processes; the worker decides what it means for this one.
process.on('SIGINT', () => undefined);
// Without its parent nobody would take the result: end at once.
process.on('disconnect', () => process.exit(1));

process.once('message', (request: ChildRequest) => {
  void work(request);
});

async function work(request: ChildRequest): Promise<void> {
  try {
    await send({ type: 'result', result: await resultOf(request) });
  } catch (error) {
    if (error instanceof Interrupted) {
      await send({ type: 'interrupted' });
    } else if (error instanceof DomainError) {
      process.stderr.write(`${error.stack ?? error.message}\n`);
      await send({ type: 'refused', code: error.code, message: error.message });
    } else {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 1;
    }
  } finally {
    process.disconnect();
  }
}

async function resultOf({ job, dataFolder }: ChildRequest): Promise<StepResult> {
  const folder = dataFolderAt(dataFolder);
  const lineage = new LineageLog(folder.lineageLog);
  const store = new LocalArtifactStore(folder, lineage);
  const content = await readSweepContent(store, job.request.specification);
  const surroundings = await surroundingsOf(job.request, content, {
    ...{ store, lineage, folder, signal: interruption.signal },
    environment: await readNumericEnvironment(),
    onProgress: (progress) => {
      void send({ type: 'progress', progress: { unit: job.unit, ...progress } });
    },
    onCase: (id) => {
      void send({ type: 'case', id });
    },
  });
  const { request } = job;
  return runUnit({ step: stepNamed(job.step), request, content }, surroundings, () => factsOf(job));
}

async function factsOf({ numerics }: ChildRequest['job']): Promise<ProcessFacts> {
  // Linux, macOS and Windows alike: libuv gives kibibytes.
  const resources = { peakMemoryBytes: process.resourceUsage().maxRSS * 1024 };
  if (numerics === undefined) return { resources };
  // Known once TensorFlow is loaded, which the work has done.
  const { processNumerics } = await import('../learning/tensorflow/process-numerics.js');
  return { resources, process: processNumerics(process.env) };
}

function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('a compute child is started by a worker, not by hand');
    process.send(message, undefined, {}, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
