import type { Command } from 'commander';

import type { Config } from '../../configs/config-schema.js';
import { structureNameOf } from '../../configs/expand-structures.js';
import { counted } from '../../domain/report/words/format-number.js';
import { remediesOf } from '../../storage/datasets/case-collection.js';
import { listOf, type Finding } from '../../storage/datasets/findings/finding.js';
import { validateDataSet, type ValidatedDataSet } from '../../storage/datasets/validate-data-set.js';
import { FileDigests } from '../../storage/files/file-digests.js';
import { readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { describeSweep } from '../../storage/sweeps/sweep-records.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { dataDirOption, pathOption } from '../terminal/options.js';
import { alone, openProject } from '../project.js';
import { print, printJson, textTable, warn } from '../terminal/table.js';

interface ValidateFlags {
  readonly path?: Map<string, string>;
  readonly dataDir?: string;
  readonly json?: true;
}

interface Row extends Finding {
  readonly dataSet: string;
}

export function registerValidateCommand(program: Command): void {
  program
    .command('validate')
    .summary('read every case and list all problems')
    .description(
      'Reads and preprocesses every case as a run would, and lists all problems with files, geometry, labels, participants ' +
        'and folds. Writes nothing. Exits with 1 if there are errors, with 0 if there are only warnings.',
    )
    .argument('<config>', 'YAML or JSON file')
    .addOption(pathOption())
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias validate configs/isles2018.yaml --path isles2018=/data/ISLES2018')
    .action(async (configPath: string, flags: ValidateFlags) => {
      const { folder } = openProject(alone(flags));
      const content = await readSweepContentFor(configPath, { onWarning: warn, paths: flags.path });
      const { locations } = describeSweep(folder, { configPath, paths: flags.path ?? new Map() }, content);
      const digests = new FileDigests(folder.fileDigests);
      const dataSets: (ValidatedDataSet & { readonly name: string; readonly drawn: boolean })[] = [];
      for (const dataSet of content.config.dataSets) {
        const { name } = dataSet;
        const location = locations[name];
        if (location === undefined) continue;
        const found = await validateDataSet({
          dataSet: { ...dataSet, ...content.config.network },
          structure: structureNameOf(name, content.structuresOf?.[name]),
          ...{ location, digests, importedFolds: content.importedFolds, folds: content.config.split.folds },
          innerValidation: content.config.training.validation === 'inner',
          onCase: showProgress(name),
        });
        dataSets.push({ name, drawn: found !== undefined, ...(found ?? notDrawn(dataSet)) });
      }
      const rows = dataSets.flatMap(({ name, findings }) => findings.map((finding) => ({ dataSet: name, ...finding })));
      const errors = rows.filter(({ severity }) => severity === 'error').length;
      const totals = {
        dataSets: dataSets.length,
        cases: dataSets.reduce((sum, { cases }) => sum + cases, 0),
        errors,
        warnings: rows.length - errors,
      };
      if (flags.json === true) {
        const described = dataSets.map(({ name, drawn, cases, participants }) => ({
          name,
          drawn,
          cases,
          participants,
        }));
        printJson({ dataSets: described, findings: rows, totals });
      } else {
        const stopping = content.config.dataSets.filter(({ onInvalidCase }) => onInvalidCase === 'stop');
        const stops = (row: Row): boolean =>
          row.severity === 'error' && row.case !== undefined && stopping.some(({ name }) => name === row.dataSet);
        printFindings(rows, totals, remediesOf(rows.filter(stops).map(({ message }) => message)));
      }
      if (errors > 0) process.exitCode = exitCodes.failed;
    });
}

function notDrawn({ phantom }: Config['dataSets'][number]): ValidatedDataSet {
  const cases = phantom?.cases ?? 0;
  return { cases, participants: cases, findings: [] };
}

function printFindings(
  rows: readonly Row[],
  totals: { readonly dataSets: number; readonly cases: number },
  hints: readonly string[],
): void {
  const causes = causesOf(rows);
  if (causes.length > 0) {
    const cells = causes.map(({ row, cases }) => [row.severity, row.dataSet, listOf(cases), row.message]);
    print(textTable(['', 'data set', 'case', 'problem'], cells));
  }
  for (const hint of hints) print(`${hint}.`);
  const { cases, dataSets } = totals;
  const errors = causes.filter(({ row }) => row.severity === 'error').length;
  const warnings = causes.length - errors;
  print(
    `${counted(errors, 'error')} and ${counted(warnings, 'warning')} in ${counted(cases, 'case')} of ${counted(dataSets, 'data set')}.`,
  );
}

/** What is said of several cases in the same words, once. */
function causesOf(rows: readonly Row[]): { readonly row: Row; readonly cases: readonly string[] }[] {
  const causes = new Map<string, { readonly row: Row; readonly cases: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.severity, row.dataSet, row.message]);
    const cause = causes.get(key) ?? { row, cases: [] };
    causes.set(key, cause);
    if (row.case !== undefined) cause.cases.push(row.case);
  }
  return [...causes.values()];
}

/** A progress line, on a terminal only. */
function showProgress(name: string): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, total) => {
    process.stderr.write(`\r${name}: case ${done} of ${total}${done === total ? '\n' : ''}`);
  };
}
