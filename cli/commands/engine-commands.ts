import type { Command } from 'commander';

import { startEmbeddedServer } from '../engine/embedded-server.js';
import { startEmbeddedWorker, trainingSlots } from '../engine/embedded-worker.js';
import { configuredAddress, connectEngine } from '../engine/engine.js';
import { openPrivateProject } from '../project.js';
import { takeProjectLock } from '../engine/project-lock.js';
import { DomainError } from '../../domain/domain-error.js';
import { dataDirOption } from '../terminal/options.js';
import { warn } from '../terminal/table.js';

export function registerServerCommand(program: Command): void {
  program
    .command('server')
    .summary('run a Temporal server for this data folder')
    .description(
      'Runs Temporal’s development server on loopback, with its state in the data folder, until interrupted. Prints the address for workers and runs (TEMPORAL_ADDRESS).',
    )
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  volbias server')
    .action(async ({ dataDir }: { dataDir?: string }) => {
      const { folder } = openPrivateProject(dataDir);
      const release = await takeProjectLock(folder);
      try {
        const server = await startEmbeddedServer(folder);
        process.stdout.write(`TEMPORAL_ADDRESS=${server.address}\nweb interface: ${server.webAddress}\n`);
        await untilInterrupted(server.ended);
        const failure = server.failure();
        if (failure !== undefined) throw failure;
        await server.stop();
      } finally {
        await release();
      }
    });
}

export function registerWorkerCommand(program: Command): void {
  program
    .command('worker')
    .summary('run a worker for a Temporal server')
    .description(
      'Takes work from a Temporal server until interrupted. Worker and runs must use the same data folder, for instance on a shared disk.',
    )
    .option('--address <host:port>', 'the Temporal server (default: TEMPORAL_ADDRESS)')
    .addOption(dataDirOption())
    .option('--threads <n>', 'threads per training, as in the config', '2')
    .addHelpText('after', '\nExample:\n  volbias worker --address temporal.example:7233 --data-dir /data/volbias')
    .action(async (flags: { address?: string; dataDir?: string; threads: string }) => {
      const address = configuredAddress(flags.address);
      if (address === undefined) {
        throw new DomainError('ARGUMENT_INVALID', 'no server: pass --address or set TEMPORAL_ADDRESS');
      }
      const threads = Number(flags.threads);
      if (!Number.isInteger(threads) || threads < 1) {
        throw new DomainError(
          'ARGUMENT_INVALID',
          `--threads is "${flags.threads}", expected a whole number of at least 1`,
        );
      }
      const { folder } = openPrivateProject(flags.dataDir);
      // Reports an unreachable server on the terminal; the worker process itself reports it only in its log.
      await (await connectEngine(address, folder)).close();
      process.stderr.write(`working for ${address}; parallel trainings: ${await trainingSlots(threads)}\n`);
      const worker = startEmbeddedWorker({
        folder,
        address,
        embedded: false,
        threads,
        onProgress: () => undefined,
        onRemark: warn,
        onLost: () => Promise.resolve(true),
      });
      await untilInterrupted(worker.ended);
      const failure = worker.failure();
      if (failure !== undefined) throw failure;
      process.stderr.write('stopping: running trainings save a checkpoint …\n');
      await worker.stop();
    });
}

/** Resolves on SIGINT, SIGTERM or SIGHUP, or when `ended` resolves. */
function untilInterrupted(ended?: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    // A pending promise alone does not keep a process alive.
    const keepAlive = setInterval(() => undefined, 60_000);
    const finish = (): void => {
      clearInterval(keepAlive);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, finish);
    void ended?.then(finish);
  });
}
