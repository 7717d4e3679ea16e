import type { Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { calibrationBins } from '../../domain/evaluate/segmentation/calibration.js';
import { scoreMeans, type ScoreName } from '../../domain/evaluate/segmentation/score-means.js';
import { scoreSegmentation } from '../../domain/evaluate/segmentation/score-segmentation.js';
import {
  meanCells,
  partialMeans,
  scoreCells,
  scoreHeadings,
  type ScoredCase,
  type ScoredCases,
} from '../../domain/report/segmentation/scored-cases.js';
import { scoresPage } from '../../domain/report/segmentation/scores-page.js';
import { volumeTestLines } from '../../domain/report/segmentation/volume-test-text.js';
import type { LabelRule } from '../../domain/preprocess/mask/structure-of.js';
import { bootstrap, volumeErrorTests } from '../../domain/results/volume-error-tests.js';
import { writeFileAtomically } from '../../storage/files/atomic-file.js';
import { pairedFiles, type PairedFiles } from '../../storage/segmentations/paired-files.js';
import { readPair } from '../../storage/segmentations/read-pair.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { labelRuleOf, labelSyntax } from '../terminal/label-option.js';
import { progressLine } from '../terminal/progress-line.js';
import { print, printJson, textTable, warn } from '../terminal/table.js';

interface EvaluateFlags {
  readonly prediction: string;
  readonly truth: string;
  readonly label?: string;
  readonly tolerance: string;
  readonly output?: string;
  readonly json?: true;
}

export function registerEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .summary('measure segmentations of any program against the truth')
    .description(
      'Measures predicted masks or probability maps against true masks: volumes and their errors, overlap, surface distances, ' +
        'lesions and calibration, one line per case and their means. Of several cases, mean volume errors are tested against 0, ' +
        'conditional on the network that predicted them. A file with values that are no whole numbers is a map, ' +
        'whose values are probabilities; its mask is what is above 0.5. Both files must have the same voxels, in any order of ' +
        'axes. --json and --output have all metrics.',
    )
    .requiredOption('--prediction <path>', 'an image, or a folder of images')
    .requiredOption('--truth <path>', 'its truth, or a folder with a truth of the same name for each')
    .option('--label <values>', `masks have several labels, and the structure is these: ${labelSyntax}`)
    .option('--tolerance <mm>', 'distance within which surfaces agree, for the normalised surface Dice', '1')
    .option('--output <page>', 'write the metrics as a page, .html; overwritten if it exists')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  volbias evaluate --prediction case_1-probability.nii.gz --truth case_1-mask.nii.gz' +
        '\n  volbias evaluate --prediction predictions --truth labels --output metrics.html' +
        '\n  volbias evaluate --prediction predictions --truth labels --label =2',
    )
    .action(async (flags: EvaluateFlags) => {
      const toleranceMm = toleranceOf(flags.tolerance);
      const rule = flags.label === undefined ? undefined : labelRuleOf(flags.label);
      const output = flags.output === undefined ? undefined : pageOf(flags.output);
      const scored = await scoreAll(await pairedFiles(flags.prediction, flags.truth), { toleranceMm, rule });
      for (const path of scored.unmatched.predictions) warn(`${path}: no truth of this name`);
      for (const path of scored.unmatched.truths) warn(`${path}: no prediction of this name`);
      if (output !== undefined) await writeFileAtomically(output, scoresPage(scored));
      if (flags.json === true) printJson(jsonOf(scored));
      else printScores(scored, output);
      if (scored.refused.length > 0) process.exitCode = exitCodes.partial;
    });
}

interface Settings {
  readonly toleranceMm: number;
  readonly rule: LabelRule | undefined;
}

/**
 * Measures one pair after the other. Of several, those that cannot be read are left out, unless none can.
 *
 * ARGUMENT_INVALID if no truth has what --label asks for, though some have other labels: every measure would be of nothing,
 * and look like a result.
 */
async function scoreAll({ pairs, unmatched }: PairedFiles, { toleranceMm, rule }: Settings): Promise<ScoredCases> {
  const progress = progressLine(process.stderr);
  const cases: ScoredCase[] = [];
  const refused: { case: string; reason: string }[] = [];
  let someAreOfOthers = false;
  for (const [index, pair] of pairs.entries()) {
    progress.show(`case ${index + 1} of ${pairs.length}: ${pair.name}`);
    try {
      const { kind, remarks, truthIsOfOthers, ...read } = await readPair(pair, rule);
      for (const remark of remarks) warn(remark);
      cases.push({ case: pair.name, prediction: kind, ...scoreSegmentation(read, toleranceMm) });
      someAreOfOthers ||= truthIsOfOthers;
    } catch (error) {
      if (!(error instanceof DomainError) || (index === pairs.length - 1 && cases.length === 0)) throw error;
      refused.push({ case: pair.name, reason: error.message });
      progress.clear();
      warn(`${pair.name} is left out: ${error.message}`);
    }
  }
  progress.clear();
  if (someAreOfOthers && cases.every(({ truthVolume }) => !(truthVolume > 0))) {
    const message = `no truth has a structure that --label asks for; the lines above list the values that there are`;
    throw new DomainError('ARGUMENT_INVALID', `${message}. --label takes ${labelSyntax}`);
  }
  return { toleranceMm, cases, refused, unmatched };
}

function jsonOf({ cases, ...scored }: ScoredCases): unknown {
  const all = Object.entries(scoreMeans(cases));
  const means = Object.fromEntries(all.map(([name, { mean }]) => [name, mean]));
  const casesWithout = Object.fromEntries(
    all.filter((entry) => entry[1].cases < cases.length).map(([name, own]) => [name, cases.length - own.cases]),
  );
  return { ...scored, calibrationBins, cases, means, casesWithout, tests: volumeErrorTests(cases), bootstrap };
}

/** The columns that a terminal has room for. */
const shown = [
  ...(['truthVolume', 'volumeError', 'crossEntropy', 'softDiceScore', 'dice', 'hausdorff95Mm'] as const),
  ...(['averageSurfaceDistanceMm', 'normalisedSurfaceDice', 'lesionF1', 'expectedCalibrationError'] as const),
] satisfies readonly ScoreName[];

function printScores(scored: ScoredCases, output: string | undefined): void {
  const { cases } = scored;
  const rows = cases.map((one) => [one.case, ...scoreCells(one, shown)]);
  print(textTable(['case', ...scoreHeadings(cases, shown)], [...rows, ['mean', ...meanCells(cases, shown)]]));
  for (const note of partialMeans(cases, shown)) print(`${note}.`);
  printTests(cases);
  if (output !== undefined) print(`Page: ${output}`);
}

function printTests(cases: readonly ScoredCase[]): void {
  const [tests, unit] = [volumeErrorTests(cases), cases[0]?.unit];
  if (tests === null || unit === undefined) return;
  const { outcomes, remarks } = volumeTestLines(tests, unit);
  for (const line of [...outcomes, ...remarks]) print(line);
}

function toleranceOf(text: string): number {
  const tolerance = Number(text);
  if (text.trim() !== '' && tolerance > 0 && tolerance < Infinity) return tolerance;
  throw new DomainError('ARGUMENT_INVALID', `--tolerance is "${text}", expected a length in mm above 0, such as 2`);
}

function pageOf(path: string): string {
  if (/\.html?$/i.test(path)) return path;
  throw new DomainError('ARGUMENT_INVALID', `--output is "${path}", expected a file that ends in .html`);
}
