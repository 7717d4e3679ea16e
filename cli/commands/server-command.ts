import type { Command } from 'commander';

import { startEmbeddedServer } from '../engine/server/embedded-server.js';
import { alone, openPrivateProject } from '../project.js';
import { takeProjectLock } from '../engine/project-lock.js';
import { untilInterrupted } from '../engine/until-interrupted.js';
import { dataDirOption } from '../terminal/options.js';

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
      const { folder } = openPrivateProject(alone({ dataDir }));
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
