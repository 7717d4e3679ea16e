import { InvalidArgumentError, type Command } from 'commander';

import { counted } from '../../../domain/report/words/format-number.js';
import { collectGarbage, type Collection, type KeepChoice } from '../../lineage/collect-garbage.js';
import { alone, openPrivateProject } from '../../project.js';
import { dataDirOption } from '../../terminal/options.js';
import { print, printJson, textTable } from '../../terminal/table.js';
import { wholeSweepId } from '../../sweep/whole-sweep-id.js';

export function registerGcCommand(program: Command): void {
  program
    .command('gc')
    .summary('remove what no sweep needs any more')
    .description(
      'Removes results, reports, phantoms, checkpoints and logs that none of the sweeps to keep needs. Sweeps whose last run ' +
        'has not ended are kept, too. The log of the lineage and the quarantine stay. May run beside a run.',
    )
    .requiredOption('--keep <sweeps...>', 'the sweeps to keep: their ids, or "last" and a number')
    .option('--dry-run', 'only say what would go, and how much room that makes')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  volbias gc --keep quickstart-0123456789 --dry-run\n  volbias gc --keep last 3',
    )
    .action(async (flags: { keep: string[]; dryRun?: true; dataDir?: string; json?: true }) => {
      const dryRun = flags.dryRun === true;
      const project = openPrivateProject(alone(flags));
      const choice = keepChoice(flags.keep);
      const keep =
        'sweeps' in choice
          ? { sweeps: await Promise.all(choice.sweeps.map((id) => wholeSweepId(project.folder, id))) }
          : choice;
      const collection = await collectGarbage(project, { keep, dryRun });
      if (flags.json) printJson({ dryRun, ...collection });
      else printCollection(collection, dryRun);
    });
}

function keepChoice(words: readonly string[]): KeepChoice {
  const [first, count, ...others] = words;
  if (first !== 'last') return { sweeps: words };
  if (others.length === 0 && /^[1-9]\d*$/.test(count ?? '')) return { last: Number(count) };
  throw new InvalidArgumentError('expected a number after --keep last, such as --keep last 3');
}

function printCollection({ kept, open, removedSweeps, garbage }: Collection, dryRun: boolean): void {
  const kinds = [...new Set(garbage.map(({ kind }) => kind))];
  const sum = (kind?: string): { count: number; bytes: number } => {
    const chosen = garbage.filter((one) => kind === undefined || one.kind === kind);
    return { count: chosen.length, bytes: chosen.reduce((total, { bytes }) => total + bytes, 0) };
  };
  print(`Kept: ${kept.join(', ') || 'no sweep'}`);
  if (open.length > 0) print(`Kept because their last run has not ended: ${open.join(', ')}`);
  if (removedSweeps.length > 0) print(`${dryRun ? 'Would remove' : 'Removed'}: ${removedSweeps.join(', ')}`);
  if (garbage.length === 0) {
    print('Nothing to remove.');
    return;
  }
  const cells = kinds.map((kind) => [kind, String(sum(kind).count), megabytes(sum(kind).bytes)]);
  print(textTable(['what', 'number', 'MB'], cells));
  const { count, bytes } = sum();
  print(
    `${counted(count, 'file or folder', 'files and folders')}, ${megabytes(bytes)} MB ${dryRun ? 'would be' : 'were'} freed.`,
  );
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
