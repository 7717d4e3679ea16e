import { availableParallelism } from 'node:os';

/** The settings of a worker process, parsed once from its environment. */
export interface WorkerSettings {
  readonly dataFolder: string;
  /** How many trainings and evaluations run at a time. */
  readonly trainingSlots: number;
  /** How many units of all other steps, such as preprocessing, run at a time. */
  readonly dataSlots: number;
}

function slots(text: string | undefined, otherwise: number): number {
  const value = text === undefined || text === '' ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`expected a whole number of slots, at least 1, not "${text ?? ''}"`);
  return value;
}

/** One training per GPU, or one if there is no GPU, unless the environment sets the number. */
export function workerSettings(environment: NodeJS.ProcessEnv, gpus: number): WorkerSettings {
  const cores = availableParallelism();
  return {
    dataFolder: environment.VOLBIAS_DATA_DIR ?? '.volbias',
    trainingSlots: slots(environment.VOLBIAS_TRAINING_SLOTS, Math.max(1, gpus)),
    dataSlots: slots(environment.VOLBIAS_DATA_SLOTS, cores),
  };
}
