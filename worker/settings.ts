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

export function workerSettings(environment: NodeJS.ProcessEnv): WorkerSettings {
  const cores = availableParallelism();
  return {
    dataFolder: environment.VOLBIAS_DATA_DIR ?? '.volbias',
    trainingSlots: slots(environment.VOLBIAS_TRAINING_SLOTS, 1),
    dataSlots: slots(environment.VOLBIAS_DATA_SLOTS, cores),
  };
}
