import type { Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { expectedAddress, connectEngine } from '../../engine/engine.js';
import { endFormerSweep, formerSweeps } from '../../engine/former-sweeps.js';
import { openPrivateProject } from '../../project.js';
import { recordAction } from '../../sweep/record-action.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print } from '../../terminal/table.js';

interface UpgradeFlags {
  readonly address?: string;
  readonly reason?: string;
  readonly dataDir?: string;
  readonly store?: string;
}

export function registerUpgradeCommand(program: Command): void {
  program
    .command('upgrade')
    .summary('move a sweep on a shared server to this version of volbias')
    .description(
      'A running sweep keeps the version of volbias that has started it, and only workers of that version work for it. This ' +
        'ends it there, so that this version can go on: trainings save a checkpoint first, and results are kept. The engine of ' +
        '"volbias run" without --address does so by itself.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .option('--address <host:port>', 'the Temporal server (default: TEMPORAL_ADDRESS)')
    .option('--reason <text>', 'why, for the lineage')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .addHelpText('after', '\nExample:\n  volbias upgrade lesions-0123456789 --address temporal.example:7233')
    .action(async (id: string, flags: UpgradeFlags) => {
      const { reason } = flags;
      const address = expectedAddress(flags.address);
      const { folder, lineage } = openPrivateProject(flags);
      const record = await readSweepRecord(folder, id);
      const { client, ...engine } = await connectEngine(address, folder);
      try {
        const found = await formerSweeps(client, record.id);
        if (found === undefined)
          throw new DomainError('SERVER_UNREACHABLE', `the server at ${address} does not answer; try again`);
        if (found.length === 0) {
          print(`No other version of volbias has ${record.id} running on this server.`);
          return;
        }
        for (const sweep of found) {
          process.stderr.write(`ending ${record.id} of release ${sweep.release}: trainings save a checkpoint …\n`);
          const wasInOrder = await endFormerSweep(client, sweep);
          print(wasInOrder ? 'It has ended.' : 'None of its workers answered: it was ended without them.');
        }
        await recordAction(lineage, { action: 'upgrade', sweep: record.id, units: [], reason });
        print(`To go on with this version: volbias run ${record.configPath} --address ${address}`);
      } finally {
        await engine.close();
      }
    });
}
