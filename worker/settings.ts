import { availableParallelism } from 'node:os';

import { workerRoles, type WorkerRole } from '../contracts/worker-role.js';

/** The settings of a worker process, parsed once from its environment. */
export interface WorkerSettings {
  readonly dataFolder: string;
  readonly role: WorkerRole;
  /** Without work for this long, it ends; undefined: never. */
  readonly idleSeconds: number | undefined;
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

function roleOf(text = 'all'): WorkerRole {
  const role = workerRoles.find((one) => one === text);
  if (role === undefined) throw new Error(`expected one of the roles ${workerRoles.join(', ')}, not "${text}"`);
  return role;
}

/** One training per GPU, or one if there is no GPU, unless the environment sets the number. */
export function workerSettings(environment: NodeJS.ProcessEnv, gpus: number): WorkerSettings {
  const cores = availableParallelism();
  return {
    dataFolder: environment.VOLBIAS_DATA_DIR ?? '.volbias',
    role: roleOf(environment.VOLBIAS_WORKER_ROLE),
    idleSeconds:
      environment.VOLBIAS_IDLE_SECONDS === undefined ? undefined : slots(environment.VOLBIAS_IDLE_SECONDS, 1),
    trainingSlots: slots(environment.VOLBIAS_TRAINING_SLOTS, Math.max(1, gpus)),
    dataSlots: slots(environment.VOLBIAS_DATA_SLOTS, cores),
  };
}
