import type { Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { defaultLossSettings } from '../../domain/theory/analysis/losses/loss-settings.js';
import { print, printJson } from '../terminal/table.js';
import type { TheoryFlags } from '../theory/answer-theory.js';

/** Adds `volbias theory`: the exact volume bias of each loss, and the paper's Fig. 1. */
export function registerTheoryCommand(program: Command): void {
  const { focal, tversky, smoothing, softDiceWeight, batches } = defaultLossSettings;
  program
    .command('theory')
    .summary('compute what a loss does to a volume')
    .description(
      'Draws Fig. 1 of the paper. Given your own regions or your experts’ masks, prints the prediction that ' +
        'minimises each loss, with its Dice and volume error.',
    )
    .option('--n <count>', 'symmetric case: number of independent uncertain regions')
    .option('--mu <ratio>', 'symmetric case: uncertain volume over certain volume')
    .option('--p <probability>', 'symmetric case: probability that an uncertain region belongs to the structure')
    .option('--regions <list>', 'regions as volume:probability or count*volume:probability, separated by commas')
    .option('--masks <files...>', 'masks of one image by two or more experts (NIfTI or PNG), on the same grid')
    .option('--figure <name>', 'figure to draw if none of the above is given: paper or losses', 'paper')
    .option('--output <folder>', 'output folder for the figure (SVG, PNG, CSV)', '.')
    .option('--points <count>', 'points per curve', '1001')
    .option('--colours <palette>', 'paper, safe (for colour-blind readers) or grey', 'paper')
    .option('--focal <gamma>', 'γ of the focal loss', String(focal))
    .option('--tversky <alpha,beta>', 'weights of false positives and false negatives', tversky.join())
    .option('--smoothing <epsilon>', 'ε of the smoothed soft Dice, in the unit of the volumes', String(smoothing))
    .option('--weight <share>', 'share of soft Dice in the sum with cross-entropy', String(softDiceWeight))
    .option('--batch <images>', 'batch sizes of batch soft Dice, separated by commas', batches.join())
    .option('--seed <number>', 'seed of the random draws used if there are too many distinct regions to enumerate', '0')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  volbias theory --output figures\n  volbias theory --n 16 --mu 4 --p 0.4\n' +
        '  volbias theory --regions 100:0,4:0.3,1:1\n  volbias theory --masks expert-a.nii.gz expert-b.nii.gz --json',
    )
    .action(async (flags: TheoryFlags, command: Command) => {
      refuseBoth(command);
      // Imported on demand, to keep the other verbs fast.
      const { answerTheory } = await import('../theory/answer-theory.js');
      const { text, json } = await answerTheory(flags);
      if (flags.json === true) printJson(json);
      else print(text);
    });
}

/** Refuses options of both modes, figure and own numbers, because one would be silently ignored. */
function refuseBoth(command: Command): void {
  const given = (names: readonly string[]): string | undefined =>
    names.find((name) => command.getOptionValueSource(name) === 'cli');
  const own = given(['n', 'mu', 'p', 'regions', 'masks']);
  const drawing = given(['figure', 'output', 'points', 'colours']);
  if (own === undefined || drawing === undefined) return;
  throw new DomainError(
    'ARGUMENT_INVALID',
    `--${drawing} applies to figures only and cannot be combined with --${own}`,
  );
}
