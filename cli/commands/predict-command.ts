import { resolve } from 'node:path';

import type { Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { unitLabel } from '../../domain/evaluate/voxel-size.js';
import type { CasePrediction } from '../../worker/predict-messages.js';
import { chooseEnsemble, type EnsembleFlags } from '../predict/choose-ensemble.js';
import { inputCases } from '../predict/input-cases.js';
import { runPredictions } from '../predict/run-predictions.js';
import { dataDirOption } from '../terminal/options.js';
import { print, printJson, textTable, warn } from '../terminal/table.js';

interface PredictFlags extends EnsembleFlags {
  readonly input: readonly string[];
  readonly output: string;
  readonly centre?: string;
  readonly json?: true;
}

export function registerPredictCommand(program: Command): void {
  program
    .command('predict')
    .summary('measure new images with trained networks')
    .description(
      'Preprocesses new images as in training, averages the predictions of all folds, and writes a probability map and a ' +
        'mask on each image’s own grid. Prints the volumes there and their spread over the folds. Of repeated trainings ' +
        '(training.repeats) only the first of each fold is used.',
    )
    .requiredOption(
      '--input <images...>',
      'one or more cases: a file, one file per modality separated by commas, or a folder of cases',
    )
    .requiredOption('--output <folder>', 'folder for NAME-probability.nii.gz and NAME-mask.nii.gz')
    .option('--sweep <sweep>', 'id of a finished sweep, as "volbias status" lists it')
    .option('--arm <model/loss>', 'arm whose networks are used')
    .option('--data-set <name>', 'data set they were trained on; required if there are several')
    .option('--model <folder>', 'folder written by "volbias export", instead of a sweep')
    .option('--centre <x,y>', 'centre of the region of interest in pixels, for 2D networks that use one')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  volbias predict --sweep lesions-0123456789 --arm unet/ce --input scan.nii.gz --output predicted',
    )
    .action(async (flags: PredictFlags) => {
      const ensemble = await chooseEnsemble(flags);
      const cases = await inputCases(flags.input, ensemble.description.modalities.length);
      const centre = flags.centre === undefined ? {} : { centre: parseCentre(flags.centre) };
      const predictions = await runPredictions({ ensemble, cases, output: resolve(flags.output), ...centre });
      const { sweep, model, loss, dataSet } = ensemble.description;
      for (const { name, remarks } of predictions) {
        for (const remark of remarks) warn(`${name}: ${remark}`);
      }
      if (flags.json === true) printJson({ sweep, dataSet, arm: `${model}/${loss}`, cases: predictions });
      else printPredictions(predictions, flags.output);
    });
}

function parseCentre(text: string): [number, number] {
  const match = /^(\d+),(\d+)$/.exec(text);
  if (match === null)
    throw new DomainError('ARGUMENT_INVALID', `--centre is "${text}", expected a pixel such as 120,96`);
  return [Number(match[1]), Number(match[2])];
}

function printPredictions(predictions: readonly CasePrediction[], output: string): void {
  const label = unitLabel(predictions[0]?.unit ?? 'ml');
  const number = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(4))));
  const rows = predictions.map(({ name, folds, volume, deviation, maskVolume }) => {
    const volumes = folds.map((fold) => fold.volume);
    const range = `${number(Math.min(...volumes))} to ${number(Math.max(...volumes))}`;
    return [name, number(volume), number(deviation), range, number(maskVolume)];
  });
  const head = ['case', `volume (${label})`, 'standard deviation over folds', 'range over folds', `mask (${label})`];
  print(textTable(head, rows));
  print(`Maps: ${output}`);
}
