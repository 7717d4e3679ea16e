import { dirname, isAbsolute, relative, resolve } from 'node:path';

import type { Command } from 'commander';

import { counted } from '../../domain/report/words/format-number.js';
import { surveyFolder } from '../../storage/datasets/survey/survey-folder.js';
import { configOf } from '../../storage/sweeps/config-files.js';
import { writeNewFile } from '../../storage/files/new-file.js';
import { configName, configText } from '../init/config-text.js';
import { isUnclear } from '../init/label-lines.js';
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
      const text = configText(survey, { name, path });
      configOf(file, text); // what it would refuse is not written
      await writeNewFile(file, text);
      for (const { id, reason } of survey.faulty) warn(`${id} cannot be used: ${reason}`);
      if (survey.ignored === undefined && isUnclear(survey.masks)) {
        warn(
          'only you know which values of the masks are the structure: choose the rule at label, else they are refused',
        );
      }
      const { kind, cases, participants, modalities } = survey;
      print(
        `${counted(cases.length, 'case')} of ${counted(participants, 'participant')} in the layout ${kind}: ${modalities.join(', ')}`,
      );
      // Its modules take a second to load, which only those who ask should wait for.
      const { estimateLines } = await import('../init/estimate-lines.js');
      for (const line of await estimateLines(file, cases)) print(line);
      print(`${file} is written: read it, then`);
      for (const [verb, does] of next) print(`  volbias ${verb} ${file}   # ${does}`);
    });
}

const next = [
  ['validate', 'reads every case and lists all problems'],
  ['plan --cost', 'measures what the trainings take on this machine'],
  ['run', 'trains, tests and writes the report; the same command resumes it'],
] as const;
