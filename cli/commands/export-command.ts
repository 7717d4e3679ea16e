import { resolve } from 'node:path';

import type { Command } from 'commander';

import { exportEnsemble } from '../../storage/networks/exported-networks.js';
import { chooseEnsemble, type EnsembleFlags } from '../predict/choose-ensemble.js';
import { dataDirOption } from '../terminal/options.js';
import { print, printJson } from '../terminal/table.js';

export function registerExportCommand(program: Command): void {
  program
    .command('export')
    .summary('export trained networks')
    .description(
      'Writes the networks of an arm, one for each fold, with the preprocessing that a new image needs: as safetensors and ' +
        'for TensorFlow.js (docs/exported-networks.md). "volbias predict --model" reads the folder. Of ' +
        'repeated trainings (training.repeats) only the first of each fold is written.',
    )
    .requiredOption('--sweep <sweep>', 'id of a finished sweep, as "volbias status" lists it')
    .requiredOption('--arm <model/loss>', 'arm whose networks are used')
    .option('--data-set <name>', 'data set they were trained on; required if there are several')
    .requiredOption('--output <folder>', 'output folder')
    .addOption(dataDirOption())
    .option('--json', 'print the file names as JSON')
    .addHelpText('after', '\nExample:\n  volbias export --sweep lesions-0123456789 --arm unet/ce --output unet-ce')
    .action(async (flags: EnsembleFlags & { output: string; json?: true }) => {
      const files = await exportEnsemble(await chooseEnsemble(flags), resolve(flags.output));
      if (flags.json === true) printJson({ folder: resolve(flags.output), files });
      else print(`${String(files.length)} files in ${flags.output}`);
    });
}
