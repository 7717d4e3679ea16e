import { dirname, isAbsolute, join, parse, relative, resolve } from 'node:path';

import type { Command } from 'commander';

import { counted } from '../../domain/report/words/format-number.js';
import { splitFault } from '../../domain/split/split-fault.js';
import { surveyFolder, type Survey } from '../../storage/datasets/survey/survey-folder.js';
import { configOf } from '../../storage/sweeps/config-files.js';
import { writeNewFiles } from '../../storage/files/new-file.js';
import { configName, configText, foldsFor } from '../init/config-text.js';
import { areEmpty, isUnclear } from '../init/label-lines.js';
import { manifestText } from '../init/manifest-text.js';
import { print, warn } from '../terminal/table.js';

export function registerInitCommand(program: Command): void {
  program
    .command('init')
    .summary('write a config for a folder of images')
    .description(
      'Looks at a folder of images: its layout, modalities, sizes and spacing, and the values of some masks. Writes a ' +
        'config with sensible values, and in comments what it found and why each value was chosen; estimates what a run will ' +
        'take. Replaces no file.',
    )
    .argument('<folder>', 'folder of a data set')
    .option('--output <file>', 'file to write (default: the name of the folder with .yaml, in the current folder)')
    .addHelpText('after', '\nExample:\n  volbias init /data/Task99_Lesions')
    .action(async (folder: string, { output }: { output?: string }) => {
      const root = resolve(folder);
      const name = configName(root);
      const file = output ?? `${name}.yaml`;
      const survey = await surveyFolder(root);
      const path = isAbsolute(folder) ? root : relative(dirname(resolve(file)), root) || '.';
      const manifest = manifestOf(survey, { file, isAbsolute: isAbsolute(folder) });
      const text = configText(survey, { name, path: manifest?.folder ?? path });
      const config = configOf(file, text); // what it would refuse is not written
      await writeNewFiles([{ path: file, text }, ...(manifest === undefined ? [] : [manifest])]);
      for (const { id, reason } of survey.faulty) warn(`${id} cannot be used: ${reason}`);
      if (survey.ignored === undefined && isUnclear(survey.masks)) {
        warn(
          'only you know which values of the masks are the structure: choose the rule at label, else they are refused',
        );
      }
      if (survey.ignored === undefined && areEmpty(survey.masks)) {
        warn(
          `no voxel of the ${counted(survey.masks.read, 'mask')} that were read is above 0: there is nothing to learn`,
        );
      }
      const { kind, cases, participants, modalities } = survey;
      const innerValidation = config.training.validation === 'inner';
      const unsplit = splitFault({ cases, folds: foldsFor(survey), importedFolds: null, innerValidation });
      if (unsplit !== undefined) warn(`plan and run refuse so few cases: ${unsplit}`);
      print(
        `${counted(cases.length, 'case')} of ${counted(participants, 'participant')} in the layout ${kind}: ${modalities.join(', ')}`,
      );
      // Its modules take a second to load, which only those who ask should wait for.
      const { estimateLines } = await import('../init/estimate-lines.js');
      for (const line of await estimateLines(file, cases)) print(line);
      if (manifest !== undefined) print(`${manifest.path} is written: it lists the files of each case`);
      print(`${file} is written: read it, then`);
      for (const [verb, does] of next) print(`  volbias ${verb} ${file}   # ${does}`);
    });
}

/** The manifest that a config needs whose cases have folders of their own: beside the config, never among the data. */
function manifestOf(
  { caseFolders, modalities }: Survey,
  { file, isAbsolute: isWhole }: { readonly file: string; readonly isAbsolute: boolean },
): { readonly folder: string; readonly path: string; readonly text: string } | undefined {
  if (caseFolders === undefined) return undefined;
  const folder = `${parse(file).name}-manifest`;
  const path = join(dirname(file), folder, 'manifest.csv');
  const text = manifestText(caseFolders, modalities, isWhole ? undefined : dirname(resolve(path)));
  return { folder, path, text };
}

const next = [
  ['validate', 'reads every case and lists all problems'],
  ['plan --cost', 'measures what the trainings take on this machine'],
  ['run', 'trains, tests and writes the report; the same command resumes it'],
] as const;
