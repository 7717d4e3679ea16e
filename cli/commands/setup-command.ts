import type { Command } from 'commander';

import { setUpMachine } from '../set-up-machine.js';

export function registerSetupCommand(program: Command): void {
  program
    .command('setup')
    .summary('install what trainings need')
    .description(
      'Installs TensorFlow and the Temporal CLI in the cache (XDG_CACHE_HOME, or ~/.cache), and compiles the binding of ' +
        'TensorFlow. Every download is pinned by version and SHA-256. If nothing is missing, it changes nothing.',
    )
    .option('--verify', 'check the digests of all installed libraries')
    .addHelpText('after', '\nExample:\n  volbias setup')
    .action(async ({ verify }: { verify?: true }) => {
      process.exitCode = await setUpMachine(verify === true ? ['--verify'] : []);
    });
}
