import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { JobProgress } from '../contracts/job-progress.js';
import type { DataFolder } from '../storage/data-folder.js';
import type { WorkerMessage } from '../worker/worker-messages.js';

const workerScript = fileURLToPath(new URL('../worker/main.js', import.meta.url));

export interface EmbeddedWorker {
  /** Lets running work save its state, then ends. */
  stop(): Promise<void>;
}

export interface EmbeddedWorkerOptions {
  readonly folder: DataFolder;
  readonly address: string;
  /** The server is this machine's own: no credentials, no namespace of the environment's. */
  readonly embedded: boolean;
  /** Threads that each training uses; as many trainings run side by side as the cores allow. */
  readonly threads: number;
  readonly onProgress: (progress: JobProgress) => void;
  /** Called before a worker that has died is replaced. */
  readonly onLost: () => Promise<void>;
}

/** How many trainings fit on this machine side by side. */
export function trainingSlots(threads: number): number {
  return Math.max(1, Math.floor(availableParallelism() / threads));
}

/** Starts a worker process, and another whenever it dies without having been told to. */
export function startEmbeddedWorker(options: EmbeddedWorkerOptions): EmbeddedWorker {
  let stopping = false;
  let child = spawnWorker(options);
  let ended = watch();

  function watch(): Promise<void> {
    const watched = child;
    return new Promise((resolve) => {
      watched.on('message', (message: WorkerMessage) => {
        if (message.type === 'progress') options.onProgress(message.progress);
      });
      watched.once('close', () => {
        if (stopping) {
          resolve();
          return;
        }
        void options.onLost().finally(() => {
          child = spawnWorker(options);
          ended = watch();
          resolve();
        });
      });
    });
  }

  return {
    stop: async () => {
      stopping = true;
      if (child.connected) child.send('stop');
      await ended;
    },
  };
}

function spawnWorker({ folder, address, embedded, threads }: EmbeddedWorkerOptions): ChildProcess {
  mkdirSync(folder.logs, { recursive: true });
  const log = openSync(join(folder.logs, 'worker.log'), 'a');
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
        VOLBIAS_TRAINING_SLOTS: process.env.VOLBIAS_TRAINING_SLOTS ?? String(trainingSlots(threads)),
      },
    });
  } finally {
    closeSync(log);
  }
}
