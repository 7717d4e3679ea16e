import { resolve } from 'node:path';

import { Option, type Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import { counted } from '../../../domain/report/words/format-number.js';
import { exportEnsemble } from '../../../storage/networks/exported-networks.js';
import { exportBundle } from '../../lineage/export-bundle.js';
import { exportProvenance, provenanceFormats, type ProvenanceFormat } from '../../lineage/export-provenance.js';
import { chooseEnsemble, type EnsembleFlags } from '../../predict/choose-ensemble.js';
import { alone, openProject } from '../../project.js';
import { bundleProgress } from '../../terminal/bundle-progress.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

type ExportFlags = EnsembleFlags & {
  readonly output?: string;
  readonly bundle?: string;
  readonly format?: ProvenanceFormat;
  readonly privacy?: 'public' | 'private';
  readonly pseudonymKey?: string;
  readonly key?: string;
  readonly store?: string;
  readonly json?: true;
};

export function registerExportCommand(program: Command): void {
  program
    .command('export')
    .summary('export trained networks, the provenance of a sweep, or a whole sweep')
    .description(
      'With --arm: writes the networks of an arm, one for each fold, with the preprocessing that a new image needs, as ' +
        'safetensors and for TensorFlow.js (docs/exported-networks.md). "volbias predict --model" reads the folder. Of ' +
        'repeated trainings (training.repeats) only the first of each fold is written.\n\n' +
        'With --format: writes where the numbers of a sweep come from, in a format that others read ' +
        '(docs/provenance-exports.md). Needs no server. Unless told otherwise, what it writes can be handed out: cases have ' +
        'pseudonyms, and images, places and names of people stay out.\n\n' +
        'With --bundle: writes one file with all that a sweep needs, for "volbias import" on another machine ' +
        '(docs/lineage.md). It contains the prepared images and masks, but not the images themselves.',
    )
    .argument('[sweep]', 'id of a finished sweep, as "volbias status" lists it')
    .option('--sweep <sweep>', 'the same')
    .option('--output <folder>', 'with --arm or --format: output folder')
    .option('--arm <model/loss>', 'export the networks of this arm')
    .option('--data-set <name>', 'with --arm: data set they were trained on; required if there are several')
    .addOption(
      new Option('--format <format>', 'export the provenance in this format')
        .choices(provenanceFormats)
        .conflicts('arm'),
    )
    .addOption(
      new Option(
        '--privacy <level>',
        'with --format: "public" (the default) replaces ids of cases and participants by pseudonyms and leaves out ' +
          'places, operators, messages and what else could name somebody; "private" leaves everything as it is',
      ).choices(['public', 'private']),
    )
    .option(
      '--pseudonym-key <file>',
      'with --format: key of the pseudonyms; made if it is not there (default: beside the output folder, <folder>.pseudonym-key)',
    )
    .option('--key <file>', 'with --format in-toto: Ed25519 private key that signs (PKCS#8, PEM)')
    .option('--bundle <file>', 'export the whole sweep to this file, such as lesions.tar.zst')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print the file names as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  volbias export lesions-0123456789 --arm unet/ce --output unet-ce\n' +
        '  volbias export lesions-0123456789 --format ro-crate --output crate\n' +
        '  volbias export lesions-0123456789 --bundle lesions.tar.zst',
    )
    .action(async (argument: string | undefined, flags: ExportFlags) => {
      const sweep = sweepOf(argument, flags);
      if (flags.bundle !== undefined) await exportSweep(sweep, flags.bundle, flags);
      else if (flags.format === undefined) await exportNetworks({ ...flags, sweep });
      else await exportInFormat(sweep, flags.format, flags);
    });
}

function sweepOf(argument: string | undefined, { sweep }: ExportFlags): string {
  const chosen = argument ?? sweep;
  if (chosen === undefined) throw invalid('no sweep given, expected its id, as "volbias status" lists it');
  if (sweep !== undefined && sweep !== chosen) throw invalid(`two sweeps given, ${chosen} and ${sweep}`);
  return chosen;
}

async function exportNetworks(flags: ExportFlags): Promise<void> {
  if (flags.arm === undefined) {
    throw invalid('expected --arm, to export networks, --format, to export provenance, or --bundle, to export all');
  }
  refuse(flags, ['privacy', 'pseudonymKey', 'key'], 'a --format');
  const files = await exportEnsemble(await chooseEnsemble(flags), resolve(outputOf(flags)));
  if (flags.json === true) printJson({ folder: resolve(outputOf(flags)), files });
  else print(`${String(files.length)} files in ${outputOf(flags)}`);
}

async function exportInFormat(sweep: string, format: ProvenanceFormat, flags: ExportFlags): Promise<void> {
  const { privacy = 'public', pseudonymKey, key, json } = flags;
  const output = outputOf(flags);
  refuse(flags, ['dataSet'], '--arm');
  if (format !== 'in-toto') refuse(flags, ['key'], '--format in-toto');
  if (privacy === 'private') refuse(flags, ['pseudonymKey'], '--privacy public');
  const written = await exportProvenance(openProject(flags), {
    ...{ sweep, format, output, privacy },
    ...(pseudonymKey !== undefined && { pseudonymKey }),
    ...(key !== undefined && { key }),
  });
  if (json === true) {
    printJson(written);
    return;
  }
  print(`${counted(written.files.length, 'file')} in ${output}`);
  if (written.pseudonymKey === null) print('They name cases, places and people: not to be handed out.');
  else
    print(`Cases have pseudonyms. To tell whom they stand for, keep ${written.pseudonymKey}, and hand it to nobody.`);
}

async function exportSweep(sweep: string, file: string, flags: ExportFlags): Promise<void> {
  refuse(flags, ['arm', 'dataSet', 'output'], '--arm');
  refuse(flags, ['format', 'privacy', 'pseudonymKey', 'key'], '--format');
  const path = resolve(file);
  const progress = bundleProgress('writing');
  const written = await exportBundle(openProject(alone(flags)), { sweep, path }, progress.show).finally(progress.clear);
  if (flags.json === true) {
    printJson({ file: path, ...written });
    return;
  }
  const { head, objects, bytes, fileBytes } = written;
  print(`${file}: ${counted(objects, 'object')}, ${megabytes(bytes)} MB in ${megabytes(fileBytes)} MB`);
  print(
    'It has prepared images and masks, predictions, networks, results, and the whole log, but not the images themselves.',
  );
  print(`The head of its log: ${head}`);
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

function outputOf({ output }: ExportFlags): string {
  if (output === undefined) throw invalid('no --output given, expected a folder');
  return output;
}

/** ARGUMENT_INVALID if one of these flags is given. */
function refuse(flags: ExportFlags, names: readonly (keyof ExportFlags)[], needed: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw invalid(`--${flag} goes with ${needed} only`);
}

function invalid(message: string): DomainError {
  return new DomainError('ARGUMENT_INVALID', message);
}
