import type { Command } from 'commander';
import { Option } from 'commander';

import { bytesOf } from '../../domain/byte-size.js';
import { DomainError } from '../../domain/domain-error.js';
import { workerRoles, type WorkerRole } from '../../contracts/worker-role.js';
import { startEmbeddedWorker, trainingSlots, type WorkerLimits } from '../engine/embedded-worker.js';
import { expectedAddress, connectEngine } from '../engine/engine.js';
import { untilInterrupted } from '../engine/until-interrupted.js';
import { openPrivateProject } from '../project.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { metricsAddressFor, metricsOption } from '../terminal/metrics-option.js';
import { dataDirOption, storeOption } from '../terminal/options.js';
import { warn } from '../terminal/table.js';

interface WorkerFlags {
  readonly address?: string;
  readonly dataDir?: string;
  readonly store?: string;
  readonly threads: string;
  readonly role: WorkerRole;
  readonly gpus?: string;
  readonly slots?: string;
  readonly memory?: string;
  readonly untilIdle?: string;
  readonly metrics?: string;
}

export function registerWorkerCommand(program: Command): void {
  program
    .command('worker')
    .summary('run a worker for a Temporal server')
    .description(
      'Takes work from a Temporal server until interrupted. Worker and runs must share a store (--store), or a data folder on a shared disk. ' +
        'SIGTERM, SIGINT and SIGUSR1 let running trainings save a checkpoint, and hand them back; after SIGUSR1, by which batch systems ' +
        'announce the end of a job, the exit code is 130.',
    )
    .option('--address <host:port>', 'the Temporal server (default: TEMPORAL_ADDRESS)')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .addOption(
      new Option('--role <role>', 'data: all but trainings and evaluations; training: these alone')
        .choices(workerRoles)
        .default('all'),
    )
    .option('--threads <n>', 'threads per training, as in the config', '2')
    .option('--gpus <list>', 'GPUs to use, such as 0,1 (default: all)')
    .option('--slots <n>', 'parallel trainings (default: one per GPU, or as many as the cores allow)')
    .option('--memory <size>', 'memory for all trainings together, such as 20GiB (default: what the machine has)')
    .option('--until-idle <time>', 'end after so long without work, such as 10m')
    .addOption(metricsOption())
    .addHelpText(
      'after',
      '\nExample:\n  volbias worker --address temporal.example:7233 --data-dir /data/volbias --role training --until-idle 10m',
    )
    .action(async (flags: WorkerFlags) => {
      const address = expectedAddress(flags.address);
      const threads = countOf('--threads', flags.threads);
      const limits = limitsOf(flags);
      const metrics = flags.metrics === undefined ? {} : { metricsAddress: await metricsAddressFor(flags.metrics) };
      const { folder } = openPrivateProject(flags);
      // Reports an unreachable server on the terminal; the worker process itself reports it only in its log.
      await (await connectEngine(address, folder)).close();
      const slots = flags.role === 'data' ? 'none' : await trainingSlots(threads, limits);
      process.stderr.write(`working for ${address}; parallel trainings: ${slots}\n`);
      const worker = startEmbeddedWorker({
        ...{ folder, address, embedded: false, threads, limits, ...metrics },
        onProgress: () => undefined,
        onRemark: warn,
        onLost: () => Promise.resolve(true),
      });
      const signal = await untilInterrupted(worker.ended);
      const failure = worker.failure();
      if (failure !== undefined) throw failure;
      if (signal === undefined) {
        process.stderr.write(`no work for ${flags.untilIdle ?? ''}: ended\n`);
        return;
      }
      process.stderr.write('stopping: running trainings save a checkpoint …\n');
      await worker.stop();
      if (signal === 'SIGUSR1') process.exitCode = exitCodes.interrupted;
    });
}

function limitsOf({ role, gpus, slots, memory, untilIdle }: WorkerFlags): WorkerLimits {
  return {
    role,
    ...(gpus !== undefined && { gpus }),
    ...(slots !== undefined && { trainingSlots: countOf('--slots', slots) }),
    ...(memory !== undefined && { memoryBytes: bytesOf('--memory', memory) }),
    ...(untilIdle !== undefined && { idleSeconds: secondsOf('--until-idle', untilIdle) }),
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new DomainError('ARGUMENT_INVALID', `${option} is "${text}", expected a whole number of at least 1`);
}

const secondsIn = { s: 1, m: 60, h: 3600 } as const;

function secondsOf(option: string, text: string): number {
  const [, count, unit] = /^([1-9]\d*)([smh])$/.exec(text) ?? [];
  if (count !== undefined && (unit === 's' || unit === 'm' || unit === 'h')) return Number(count) * secondsIn[unit];
  throw new DomainError('ARGUMENT_INVALID', `${option} is "${text}", expected a time such as 90s, 10m or 1h`);
}
