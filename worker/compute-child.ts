/** A process that does one job and ends: see child-process-runner.ts, which starts it. */
import type { JobProgress } from '../contracts/job-progress.js';
import { DomainError } from '../domain/domain-error.js';
import type { ProcessNumerics } from '../learning/tensorflow/process-numerics.js';
import type { ArtifactContent } from '../storage/store/artifact-store.js';
import { dataFolderAt } from '../storage/store/data-folder.js';
import { LineageLog } from '../storage/store/lineage-log.js';
import { LocalArtifactStore } from '../storage/store/local-artifact-store.js';
import type { ChildMessage, ChildRequest } from './compute-messages.js';
import { Interrupted, type JobContext } from './jobs/job-context.js';

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

async function work({ job, dataFolder }: ChildRequest): Promise<void> {
  const folder = dataFolderAt(dataFolder);
  const store = new LocalArtifactStore(folder, new LineageLog(folder.lineageLog));
  const onProgress = (progress: Omit<JobProgress, 'unit'>): void => {
    void send({ type: 'progress', progress: { unit: job.unit, ...progress } });
  };
  const context: JobContext = { request: job.request, folder, store, signal: interruption.signal, onProgress };
  try {
    const content = await run(job.kind, context);
    // Linux, macOS and Windows alike: libuv gives kibibytes.
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    const numerics = job.kind === 'preprocess' ? undefined : await ownNumerics();
    const resources = { peakMemoryBytes };
    await send({ type: 'result', content, resources, ...(numerics !== undefined && { process: numerics }) });
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

async function run(kind: ChildRequest['job']['kind'], context: JobContext): Promise<ArtifactContent> {
  // Imported when wanted: preprocessing needs no TensorFlow.
  switch (kind) {
    case 'preprocess':
      return (await import('./jobs/preprocess-job.js')).preprocessJob(context);
    case 'train':
      return (await import('./jobs/train-job.js')).trainJob(context);
    case 'evaluate':
      return (await import('./jobs/evaluate-job.js')).evaluateJob(context);
  }
}

/** Known once TensorFlow is loaded, which the job has done. */
async function ownNumerics(): Promise<ProcessNumerics> {
  return (await import('../learning/tensorflow/process-numerics.js')).processNumerics(process.env);
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
