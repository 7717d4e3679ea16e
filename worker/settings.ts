import { availableParallelism } from 'node:os';

import { workerRoles, type WorkerRole } from '../contracts/worker-role.js';
import { logLevels, type WorkerLogLevel } from './watching/log-level.js';

/** The settings of a worker process, parsed once from its environment. */
export interface WorkerSettings {
  readonly dataFolder: string;
  readonly role: WorkerRole;
  /** Without work for this long, it ends; undefined: never. */
  readonly idleSeconds: number | undefined;
  /** How many trainings and evaluations run at a time. */
  readonly trainingSlots: number;
  /** What all of these together may use; undefined: what the machine has. */
  readonly memoryBytes: number | undefined;
  /** How many units of all other steps, such as preprocessing, run at a time. */
  readonly dataSlots: number;
  /** Where it offers its metrics, as HOST:PORT; undefined: nowhere. */
  readonly metricsAddress: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is a whole number of at least 1; undefined if it is not set. */
function countIn(environment: Environment, name: string): number | undefined {
  const { [name]: text = '' } = environment;
  if (text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${name} is "${text}", expected a whole number of at least 1`);
  return value;
}

function roleOf(text = 'all'): WorkerRole {
  const role = workerRoles.find((one) => one === text);
  if (role === undefined) throw new Error(`expected one of the roles ${workerRoles.join(', ')}, not "${text}"`);
  return role;
}

/** How much a worker's log has; known before anything else, so that the log can say what is wrong with the rest. */
export function logLevelIn({ VOLBIAS_LOG_LEVEL: text = 'info' }: Environment): WorkerLogLevel {
  const level = logLevels.find((one) => one === text);
  if (level === undefined) throw new Error(`VOLBIAS_LOG_LEVEL is "${text}", expected one of ${logLevels.join(', ')}`);
  return level;
}

/** One training per GPU, or one if there is no GPU, unless the environment sets the number. */
export function workerSettings(environment: Environment, gpus: number): WorkerSettings {
  return {
    dataFolder: environment.VOLBIAS_DATA_DIR ?? '.volbias',
    role: roleOf(environment.VOLBIAS_WORKER_ROLE),
    idleSeconds: countIn(environment, 'VOLBIAS_IDLE_SECONDS'),
    trainingSlots: countIn(environment, 'VOLBIAS_TRAINING_SLOTS') ?? Math.max(1, gpus),
    memoryBytes: countIn(environment, 'VOLBIAS_MEMORY_BYTES'),
    dataSlots: countIn(environment, 'VOLBIAS_DATA_SLOTS') ?? availableParallelism(),
    metricsAddress: environment.VOLBIAS_METRICS_ADDRESS,
  };
}
