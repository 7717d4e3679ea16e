import { extname, resolve } from 'node:path';

import type { Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { dataDirOption, pathOption } from '../terminal/options.js';
import { print, printJson, textTable } from '../terminal/table.js';

interface AugmentFlags {
  readonly preview: string;
  readonly dataSet?: string;
  readonly fold: string;
  readonly epochs: string;
  readonly output?: string;
  readonly path?: Map<string, string>;
  readonly dataDir?: string;
  readonly json?: true;
}

export function registerAugmentCommand(program: Command): void {
  program
    .command('augment')
    .summary('draw augmented versions of a case')
    .description(
      'Draws a sheet of one case as a network sees it: the original, then the augmented case in the first epochs of ' +
        'a fold, drawn with the same random numbers as in training. One column per modality; the structure is ' +
        'outlined in red. Intensities are normalised over this case alone, because the training statistics are not ' +
        'computed here. Below each image, and in the table printed, are the 5th, 50th and 95th percentiles of its tissue ' +
        "(the mask, or without a mask all but the padding) in the image's own units. The table also says how much of the original's structure is in the crop.",
    )
    .argument('<case>', 'case id')
    .requiredOption('--preview <config>', 'YAML or JSON file')
    .option('--data-set <name>', 'data set of the case; required if the config has several')
    .option('--fold <number>', 'fold whose training is shown', '0')
    .option('--epochs <count>', 'number of epochs shown', '6')
    .option('--output <file>', 'output file (default: CASE-augmentation.png)')
    .addOption(pathOption())
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias augment --preview configs/brats2018.yaml Brats18_2013_0_1')
    .action(async (caseId: string, flags: AugmentFlags) => {
      // Imported on demand, to keep the other verbs fast.
      const { drawAugmentationSheet, tissueText } = await import('../augment/draw-augmentation-sheet.js');
      const file = resolve(flags.output ?? `${caseId}-augmentation.png`);
      if (extname(file).toLowerCase() !== '.png') {
        throw new DomainError('ARGUMENT_INVALID', `--output is "${file}", expected a file name ending in .png`);
      }
      const sheet = await drawAugmentationSheet({
        configPath: flags.preview,
        caseId,
        dataSet: flags.dataSet,
        fold: wholeNumber('--fold', flags.fold, 0),
        epochs: wholeNumber('--epochs', flags.epochs, 1),
        paths: flags.path ?? new Map(),
        dataDir: flags.dataDir,
        file,
      });
      if (flags.json === true) printJson({ file, ...sheet });
      else {
        const modalities = Object.keys(sheet.rows[0]?.tissue ?? {});
        const lines = sheet.rows.map(({ name, tissue, structureShare }) => [
          ...[name, ...Object.values(tissue).map(tissueText)],
          structureShare === null ? 'none' : `${(100 * structureShare).toFixed(0)} %`,
        ]);
        print(`${file}: ${caseId}, original and in epochs 1 to ${flags.epochs} of fold ${flags.fold}`);
        print(textTable(['tissue: 5 % · 50 % · 95 %', ...modalities, 'structure'], lines));
      }
    });
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= 1000) return value;
  throw new DomainError(
    'ARGUMENT_INVALID',
    `${name} is "${text}", expected a whole number from ${String(least)} to 1000`,
  );
}
