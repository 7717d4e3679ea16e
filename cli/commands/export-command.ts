import { resolve } from 'node:path';

import type { Command } from 'commander';

import { exportEnsemble } from '../../storage/networks/exported-networks.js';
import { chooseEnsemble, type EnsembleFlags } from '../predict/choose-ensemble.js';
import { print, printJson } from '../terminal/table.js';

export function registerExportCommand(program: Command): void {
  program
    .command('export')
    .summary('write trained networks to a folder')
    .description(
      'Writes the networks of an arm, a fold each, with all that a new image must go through before they see it: as ' +
        'safetensors and for TensorFlow.js (docs/exported-networks.md). "volbias predict --model" takes the folder.',
    )
    .requiredOption('--sweep <sweep>', 'a finished sweep, as "volbias status" lists it')
    .requiredOption('--arm <model/loss>', 'which of its networks')
    .option('--data-set <name>', 'on which of its data sets they were trained; needed where there are several')
    .requiredOption('--output <folder>', 'where they are written')
    .option('--data-dir <folder>', 'where results are kept (default: .volbias, or VOLBIAS_DATA_DIR)')
    .option('--json', 'print the names of the files as JSON')
    .addHelpText('after', '\nExample:\n  volbias export --sweep lesions-0123456789 --arm unet/ce --output unet-ce')
    .action(async (flags: EnsembleFlags & { output: string; json?: true }) => {
      const files = await exportEnsemble(await chooseEnsemble(flags), resolve(flags.output));
      if (flags.json === true) printJson({ folder: resolve(flags.output), files });
      else print(`${String(files.length)} files in ${flags.output}`);
    });
}
