import { resolve } from 'node:path';

import type { Command } from 'commander';

import { exportEnsemble } from '../../storage/networks/exported-networks.js';
import { chooseEnsemble, type EnsembleFlags } from '../predict/choose-ensemble.js';
import { print, printJson } from '../terminal/table.js';

export function registerExportCommand(program: Command): void {
  program
    .command('export')
    .summary('export trained networks to a folder')
    .description(
      'Exports the networks of an arm, one per fold, as safetensors and for TensorFlow.js, together with the ' +
        'preparation that new images need (docs/exported-networks.md). "volbias predict --model" reads the folder.',
    )
    .requiredOption('--sweep <sweep>', 'id of a finished sweep, as listed by "volbias status"')
    .requiredOption('--arm <model/loss>', 'arm whose networks are exported')
    .option('--data-set <name>', 'data set the networks were trained on; required if the sweep has several')
    .requiredOption('--output <folder>', 'folder to write to')
    .option('--data-dir <folder>', 'data folder (default: VOLBIAS_DATA_DIR, else .volbias)')
    .option('--json', 'print the file names as JSON')
    .addHelpText('after', '\nExample:\n  volbias export --sweep lesions-0123456789 --arm unet/ce --output unet-ce')
    .action(async (flags: EnsembleFlags & { output: string; json?: true }) => {
      const files = await exportEnsemble(await chooseEnsemble(flags), resolve(flags.output));
      if (flags.json === true) printJson({ folder: resolve(flags.output), files });
      else print(`${String(files.length)} files in ${flags.output}`);
    });
}
