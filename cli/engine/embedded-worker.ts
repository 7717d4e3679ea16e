import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { JobProgress } from '../../contracts/job-progress.js';
import { DomainError } from '../../domain/domain-error.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { graphicsDevices } from '../../storage/machine/graphics-devices.js';
import { readRuntimeRecord } from '../../storage/machine/runtime-record.js';
import { recordedProcess, type RecordedProcess } from '../../storage/machine/process-identity.js';
import { untilWritable } from './obstacles.js';
import type { WorkerRole } from '../../contracts/worker-role.js';
import type { WorkerMessage } from '../../worker/worker-messages.js';
import { openToAppend } from '../../storage/files/stored-file.js';

const workerScript = fileURLToPath(new URL('../../worker/main.js', import.meta.url));

export interface EmbeddedWorker {
  /** The worker's process; another one after a restart, undefined before the first. */
  process(): RecordedProcess | undefined;
  /** Lets running work save its state, then stops the worker. */
  stop(): Promise<void>;
  /** Resolves when the worker has ended for good. */
  readonly ended: Promise<void>;
  /** Why the worker failed for good, if it did. */
  failure(): DomainError | undefined;
}

export interface WorkerLimits {
  readonly role?: WorkerRole;
  /** As CUDA_VISIBLE_DEVICES names them. */
  readonly gpus?: string;
  readonly trainingSlots?: number;
  /** What all trainings together may use. */
  readonly memoryBytes?: number;
  /** It ends after so long without work. */
  readonly idleSeconds?: number;
}

export interface EmbeddedWorkerOptions {
  readonly folder: DataFolder;
  readonly address: string;
  /** The server is embedded: Temporal's environment variables do not apply. */
  readonly embedded: boolean;
  /** Threads per training. */
  readonly threads: number;
  /** Of what it takes, on which devices and for how long; by default all, on all, and for ever. */
  readonly limits?: WorkerLimits;
  /** Where it offers its metrics, as HOST:PORT. */
  readonly metricsAddress?: string;
  readonly onProgress: (progress: JobProgress) => void;
  /** What the user should be told of a unit. */
  readonly onRemark: (text: string) => void;
  /** Called before a dead worker is replaced, repeatedly until it returns true. */
  readonly onLost: () => Promise<boolean>;
}

/** Consecutive exits before becoming ready after which the worker is given up. */
const mostFalseStarts = 3;

/** More than a training has to save its state. */
const secondsToStop = 90;

/**
 * The number of parallel trainings on this machine: as asked, or VOLBIAS_TRAINING_SLOTS if set, else one per GPU, else as
 * many as the cores allow.
 */
export async function trainingSlots(threads: number, limits: WorkerLimits = {}): Promise<string> {
  const asked = limits.trainingSlots ?? process.env.VOLBIAS_TRAINING_SLOTS;
  if (asked !== undefined) return String(asked);
  const { variant } = (await readRuntimeRecord()).tensorflow;
  const { length: gpus } = await graphicsDevices(variant, { ...process.env, ...devicesOf(limits) });
  return String(gpus > 0 ? gpus : Math.max(1, Math.floor(availableParallelism() / threads)));
}

function devicesOf({ gpus }: WorkerLimits): Record<string, string> {
  return gpus === undefined ? {} : { CUDA_VISIBLE_DEVICES: gpus };
}

/** Starts a worker process, and restarts it if it exits unasked. */
export function startEmbeddedWorker(options: EmbeddedWorkerOptions): EmbeddedWorker {
  const log = join(options.folder.logs, 'worker.log');
  const state = { stopping: false };
  const isStopping = (): boolean => state.stopping;
  let child: ChildProcess | undefined;
  let failure: DomainError | undefined;

  async function supervise(): Promise<void> {
    let falseStarts = 0;
    const slots = await trainingSlots(options.threads, options.limits);
    while (!isStopping()) {
      await untilWritable(options.folder, isStopping);
      child = spawnWorker(options, slots, log);
      const { wasReady, wasIdle } = await untilClosed(child, options);
      falseStarts = wasReady ? 0 : falseStarts + 1;
      if (isStopping() || wasIdle) return;
      if (falseStarts === mostFalseStarts) {
        failure = new DomainError('CHILD_FAILED', `the worker exits whenever it is started; see its log: ${log}`);
        return;
      }
      while (!isStopping() && !(await options.onLost())) await pause(500);
    }
  }

  const ended = supervise().catch((error: unknown) => {
    // Such as a folder in the place of its log.
    const reason = error instanceof Error ? error.message : String(error);
    failure = new DomainError('CHILD_FAILED', `the worker cannot be started: ${reason}`);
  });
  return {
    process: () => (child?.pid === undefined ? undefined : recordedProcess(child.pid)),
    stop: async () => {
      state.stopping = true;
      // A stopped process hears nothing.
      child?.kill('SIGCONT');
      if (child?.connected === true) child.send('stop');
      const killer = setTimeout(() => child?.kill('SIGKILL'), secondsToStop * 1000);
      await ended;
      clearTimeout(killer);
    },
    ended,
    failure: () => failure,
  };
}

function untilClosed(
  child: ChildProcess,
  { onProgress, onRemark }: Pick<EmbeddedWorkerOptions, 'onProgress' | 'onRemark'>,
): Promise<{ wasReady: boolean; wasIdle: boolean }> {
  let wasReady = false;
  let wasIdle = false;
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'progress') onProgress(message.progress);
    else if (message.type === 'remark') onRemark(message.text);
    else if (message.type === 'idle') wasIdle = true;
    else wasReady = true;
  });
  return new Promise((resolve) => {
    child.once('close', () => {
      resolve({ wasReady, wasIdle });
    });
  });
}

function spawnWorker(
  { folder, address, embedded, limits = {}, metricsAddress }: EmbeddedWorkerOptions,
  slots: string,
  logPath: string,
): ChildProcess {
  mkdirSync(folder.logs, { recursive: true });
  const log = openToAppend(logPath);
  const foreign = ([name]: [string, unknown]): boolean => name.startsWith('TEMPORAL_');
  const environment = embedded
    ? Object.fromEntries(Object.entries(process.env).filter((entry) => !foreign(entry)))
    : process.env;
  try {
    return fork(workerScript, [], {
      stdio: ['ignore', log, log, 'ipc'],
      env: {
        ...environment,
        TEMPORAL_ADDRESS: address,
        VOLBIAS_DATA_DIR: folder.root,
        ...(folder.shared !== undefined && { VOLBIAS_STORE: folder.shared.address }),
        VOLBIAS_TRAINING_SLOTS: slots,
        ...(limits.role !== undefined && { VOLBIAS_WORKER_ROLE: limits.role }),
        ...(limits.memoryBytes !== undefined && { VOLBIAS_MEMORY_BYTES: String(limits.memoryBytes) }),
        ...(limits.idleSeconds !== undefined && { VOLBIAS_IDLE_SECONDS: String(limits.idleSeconds) }),
        ...(metricsAddress !== undefined && { VOLBIAS_METRICS_ADDRESS: metricsAddress }),
        ...devicesOf(limits),
      },
    });
  } finally {
    closeSync(log);
  }
}
