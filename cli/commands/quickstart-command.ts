import { join } from 'node:path';

import type { Command } from 'commander';

import { packageFolder } from '../../storage/machine/runtime-record.js';
import { setUpMachine } from '../set-up-machine.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { dataDirOption } from '../terminal/options.js';

export function registerQuickstartCommand(program: Command): void {
  program
    .command('quickstart')
    .summary('set up, and run the experiment on synthetic images')
    .description(
      'Installs whatever is missing, as "volbias setup" does, then runs the paper’s experiment on synthetic images and ' +
        'writes its report. If it is interrupted, the same command resumes it.',
    )
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  volbias quickstart')
    .action(async ({ dataDir }: { dataDir?: string }) => {
      process.exitCode = await setUpMachine();
      if (process.exitCode !== exitCodes.ok) return;
      const { runConfig } = await import('./sweeps/run-command.js');
      await runConfig(join(packageFolder, 'configs', 'quickstart.yaml'), { ...(dataDir !== undefined && { dataDir }) });
    });
}
