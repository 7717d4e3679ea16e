import { spawnSync } from 'node:child_process';

import type { Command } from 'commander';

import { setupScript } from '../set-up-machine.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { print, printJson, textTable } from '../terminal/table.js';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly advice: string;
}

export function registerDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check this machine')
    .description('Checks the prerequisites and everything that set-up installs. Changes nothing.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias doctor')
    .action(({ json }: { json?: true }) => {
      const checks = readChecks();
      if (json === true) printJson(checks);
      else
        print(
          textTable(
            ['', 'check', 'found', 'to do'],
            checks.map(({ name, ok, found, advice }) => [ok ? '✓' : '✗', name, found, ok ? '' : advice]),
          ),
        );
      process.exitCode = checks.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.failed;
    });
}

/** Set-up's own checks. Set-up is a separate script because it runs before anything is installed. */
function readChecks(): Check[] {
  const { stdout, stderr } = spawnSync(process.execPath, [setupScript, '--check', '--json'], { encoding: 'utf8' });
  try {
    return JSON.parse(stdout) as Check[];
  } catch {
    throw new Error(`set-up's checks failed to run: ${stderr}`);
  }
}
