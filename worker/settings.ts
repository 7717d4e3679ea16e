import { availableParallelism } from 'node:os';

/** What a worker process is told by whoever starts it: its environment, parsed once. */
export interface WorkerSettings {
  readonly dataFolder: string;
  /** Trainings and evaluations at one time. */
  readonly trainingSlots: number;
  /** Preprocessings at one time. */
  readonly dataSlots: number;
}

function slots(text: string | undefined, otherwise: number): number {
  const value = text === undefined || text === '' ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`expected a whole number of slots, at least 1, not "${text ?? ''}"`);
  return value;
}

/** A training at a time for each GPU, or one where there is none, unless the environment says how many. */
export function workerSettings(environment: NodeJS.ProcessEnv, gpus: number): WorkerSettings {
  const cores = availableParallelism();
  return {
    dataFolder: environment.VOLBIAS_DATA_DIR ?? '.volbias',
    trainingSlots: slots(environment.VOLBIAS_TRAINING_SLOTS, Math.max(1, gpus)),
    dataSlots: slots(environment.VOLBIAS_DATA_SLOTS, cores),
  };
}
