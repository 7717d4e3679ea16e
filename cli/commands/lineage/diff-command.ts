import type { Command } from 'commander';

import { diffSweeps } from '../../../steps/provenance/diff-sweeps.js';
import { diffUnits } from '../../../steps/provenance/diff-units.js';
import { diffText, unitDiffText } from '../../lineage/diff-text.js';
import { openProject } from '../../project.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

export function registerDiffCommand(program: Command): void {
  program
    .command('diff')
    .summary('compare two sweeps')
    .description(
      'Compares two sweeps of a data folder: config, code, environment, data, splits, and every number of Table 1 with ' +
        'the difference over the same cases and its test. With --unit, compares one unit. Needs no server.',
    )
    .argument('<before>', 'sweep id, as "volbias status" lists it')
    .argument('<now>', 'another one')
    .option('--unit <unit>', 'compare only this unit, such as "train lesions/unet/sd/fold-0"')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias diff lesions-0123456789 lesions-9876543210')
    .action(
      async (before: string, now: string, flags: { unit?: string; dataDir?: string; store?: string; json?: true }) => {
        const project = openProject(flags);
        if (flags.unit === undefined) {
          const difference = await diffSweeps(project, before, now);
          if (flags.json) printJson(difference);
          else print(diffText(difference));
        } else {
          const difference = await diffUnits(project, { before, now, name: flags.unit });
          if (flags.json) printJson(difference);
          else print(unitDiffText(difference));
        }
      },
    );
}
