import { AsyncResource } from 'node:async_hooks';
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { CancelledFailure } from '@temporalio/common';

import type { ComputeJob, ComputeRunner } from '../activities/activity-context.js';
import type { StepResult } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import { DomainError } from '../domain/domain-error.js';
import { computeEnvironment } from '../storage/machine/compute-environment.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import { beginUnitLog, type OpenUnitLog } from '../storage/store/unit-logs.js';
import { outOfMemoryKills, peakMemoryBytes, residentBytes } from '../storage/machine/memory.js';
import { errorOfDeath } from './child-death.js';
import type { ChildMessage } from './compute-messages.js';
import { devicePool, type DevicePool } from './slots/device-pool.js';
import { KeptProcesses } from './kept-processes.js';
import type { MemoryAdmission, Stay } from './slots/memory-admission.js';
import { watchForStall } from './stall-watch.js';

const childScript = fileURLToPath(new URL('./compute-child.js', import.meta.url));
const secondsToEnd = 60;
/** A job that waits longer for memory is worth a word. */
const secondsUntilSaid = 10;

export interface ChildProcessRunnerOptions {
  readonly folder: DataFolder;
  /** Folders in which the dynamic linker finds the GPU libraries. */
  readonly libraryPath: readonly string[];
  /** GPUs, as CUDA_VISIBLE_DEVICES names them; each child that needs one sees one. If empty, TensorFlow chooses. */
  readonly devices: readonly string[];
  /** Decides when a job with a shape has enough memory. */
  readonly admission?: MemoryAdmission;
  /** `peakBytes` is the largest memory that the job's process has used. */
  readonly onProgress?: (progress: JobProgress, job: ComputeJob, peakBytes: number) => void;
  /** What the user should be told of a unit. */
  readonly onRemark?: (text: string) => void;
}

type Options = Parameters<ComputeRunner['run']>[1];

/**
 * Runs jobs in processes of their own: TensorFlow blocks the thread that calls it, and a crash or a lack of memory must
 * not take down the worker. A child is told to stop when its job is cancelled, is killed when it makes no progress, and
 * exits by itself when this process is gone. After a success it is kept for another job with the same settings.
 */
export class ChildProcessRunner implements ComputeRunner {
  private readonly devices: DevicePool;
  private readonly idle = new KeptProcesses();

  constructor(private readonly options: ChildProcessRunnerOptions) {
    this.devices = devicePool(options.devices);
  }

  async run(job: ComputeJob, options: Options): Promise<StepResult> {
    options.signal.throwIfAborted();
    const stay = await this.admit(job, options);
    const device = job.numerics === undefined ? undefined : this.devices.take();
    const settings = JSON.stringify([job.numerics, device]);
    let log: OpenUnitLog | undefined;
    try {
      log = beginUnitLog(this.options.folder, { step: job.step, key: job.request.key });
      const child = this.idle.take(settings) ?? this.start(job, device);
      say(log, `${job.unit}: attempt ${log.attempt}, in process ${child.pid ?? 0}`);
      const detach = writeOutput(child, log);
      const result = await this.supervise(child, { job, log, stay }, options).finally(detach);
      say(log, 'ended: its result is stored');
      if (child.connected) this.idle.keep(child, settings);
      return result;
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      if (log !== undefined) say(log, `ended: ${reason}`);
      if (error instanceof DomainError && error.code === 'OUT_OF_MEMORY') stay?.ranOut();
      throw error;
    } finally {
      log?.close();
      stay?.leave();
      this.devices.giveBack(device);
    }
  }

  /** Ends the processes that wait for another job. */
  end(): void {
    this.idle.endAll();
  }

  /** Waits until there is memory for a job, and says so if that takes long. */
  private async admit(job: ComputeJob, { onProgress, signal }: Options): Promise<Stay | undefined> {
    const { unit, shape } = job;
    if (shape === undefined || this.options.admission === undefined) return undefined;
    let seconds = 0;
    return this.options.admission.enter(shape, signal, (reason) => {
      const progress = { unit, phase: 'waiting', done: 0, total: 0 };
      onProgress(progress);
      this.options.onProgress?.(progress, job, 0);
      if (++seconds === secondsUntilSaid) this.options.onRemark?.(`${unit} waits ${reason}`);
    });
  }

  private supervise(
    child: ChildProcess,
    { job, log, stay }: { readonly job: ComputeJob; readonly log: OpenUnitLog; readonly stay: Stay | undefined },
    { onProgress, signal }: Options,
  ): Promise<StepResult> {
    const { stallSeconds } = job;
    const note = progressNotes(log);
    return new Promise<StepResult>((resolve, reject) => {
      let outcome: ChildMessage | undefined;
      let stalledSeconds: number | undefined;
      let caseId: string | undefined;
      let killer: NodeJS.Timeout | undefined;
      let peakBytes = 0;
      const killsBefore = outOfMemoryKills();
      const watch = watchForStall(stallSeconds, (seconds) => {
        stalledSeconds = seconds;
        child.kill('SIGKILL');
      });
      const end = (): void => {
        child.kill('SIGTERM');
        killer = setTimeout(() => child.kill('SIGKILL'), secondsToEnd * 1000);
      };

      // A kept process still belongs to the asynchronous context in which it was started: to an activity that has ended,
      // whose heartbeats reach nobody.
      const onMessage = AsyncResource.bind((message: ChildMessage): void => {
        watch.alive(message.type === 'progress' && message.progress.loss !== undefined);
        peakBytes = Math.max(peakBytes, peakMemoryBytes(child.pid ?? 0));
        stay?.uses(residentBytes(child.pid ?? 0), peakBytes);
        if (showsItsPeak(message)) stay?.isMeasured();
        if (message.type === 'progress') {
          onProgress(message.progress);
          note(message.progress);
          this.options.onProgress?.(message.progress, job, peakBytes);
        } else if (message.type === 'case') {
          caseId = message.id;
        } else if (message.type === 'remark') {
          this.options.onRemark?.(`${job.unit} ${message.text}`);
        } else {
          outcome = message;
          // After anything else than a success the child ends, and so it does when it was told to.
          if (message.type === 'result' && killer === undefined) onEnd(null, null);
        }
      });
      const onEnd = AsyncResource.bind((code: number | null, deathSignal: string | null): void => {
        const ended = { unit: job.unit, phase: 'ended', done: 0, total: 0, ended: true } as const;
        this.options.onProgress?.(ended, job, peakBytes);
        watch.end();
        clearTimeout(killer);
        signal.removeEventListener('abort', end);
        child.off('message', onMessage).off('error', reject).off('close', onEnd);
        if (outcome?.type === 'result') resolve(outcome.result);
        else if (signal.aborted || outcome?.type === 'interrupted') reject(new CancelledFailure('interrupted'));
        else if (outcome?.type === 'refused') reject(new DomainError(outcome.code, outcome.message));
        else {
          const kernelRanOutOfMemory = outOfMemoryKills() > killsBefore;
          const death = { stalledSeconds, code, signal: deathSignal, caseId, peakBytes, kernelRanOutOfMemory };
          reject(errorOfDeath(job.unit, death, log.path));
        }
      });

      // The job may have been cancelled while the child was starting.
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
      child.on('message', onMessage).on('error', reject).on('close', onEnd);
      const { root, shared } = this.options.folder;
      child.send({ job, dataFolder: root, ...(shared !== undefined && { store: shared.address }) });
    });
  }

  private start(job: ComputeJob, device: string | undefined): ChildProcess {
    return fork(childScript, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: computeEnvironment(process.env, { numerics: job.numerics, libraryPath: this.options.libraryPath, device }),
    });
  }
}

/** Writes what a process writes to its job's log, until the returned function is called. */
function writeOutput(child: ChildProcess, { write }: OpenUnitLog): () => void {
  child.stdout?.on('data', write);
  child.stderr?.on('data', write);
  return () => {
    child.stdout?.off('data', write);
    child.stderr?.off('data', write);
  };
}

/** Whether a job will hardly need more memory than until now. */
function showsItsPeak(message: ChildMessage): boolean {
  if (message.type !== 'progress') return message.type === 'result';
  return message.progress.phase === 'epoch' && message.progress.done > 1;
}

function say(log: OpenUnitLog, text: string): void {
  log.write(`${new Date().toISOString()} ${text}\n`);
}

/** Writes a line to the log for each epoch that begins, and for each part of another job. */
function progressNotes(log: OpenUnitLog): (progress: JobProgress) => void {
  let last = '';
  return ({ phase, done, total, loss }) => {
    const place = `${phase} ${done}/${total}`;
    if (place !== last) say(log, `${place}${loss === undefined ? '' : `, loss ${loss.toPrecision(4)}`}`);
    last = place;
  };
}
