import { join } from 'node:path';

import type { Command } from 'commander';

import { exitCodeOf, exitCodes } from '../terminal/exit-codes.js';
import { collectPath } from '../terminal/path-option.js';
import { openProject, type Project } from '../project.js';
import { runSweep } from '../engine/run-sweep.js';
import { print, printJson } from '../terminal/table.js';
import { checkDataSets } from '../../storage/datasets/check-data-sets.js';
import { wordsOfFailure } from '../../storage/sweeps/failure-records.js';
import { readSweepContent, readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord, recordSweep, type SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { exportReport } from '../../storage/sweeps/sweep-results.js';
import type { SweepResult } from '../../contracts/sweep.js';

interface EngineFlags {
  readonly path?: Map<string, string>;
  readonly address?: string;
  readonly dataDir?: string;
  readonly json?: true;
}

export function registerRunCommand(program: Command): void {
  program
    .command('run')
    .summary('run or resume a sweep')
    .description(
      'Runs every step whose result is not yet in the data folder, then writes the report. After an interruption or ' +
        'a crash, the same command resumes the sweep.',
    )
    .argument('<config>', 'config file (YAML or JSON)')
    .option('--path <data-set=folder>', 'folder of a data set, overriding the config; repeatable', collectPath)
    .option('--address <host:port>', 'use this Temporal server and its workers instead of starting local ones')
    .option('--data-dir <folder>', 'data folder (default: VOLBIAS_DATA_DIR, else .volbias)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  volbias run configs/quickstart.yaml')
    .action(async (configPath: string, flags: EngineFlags) => {
      const project = openProject(flags.dataDir);
      const content = await readSweepContentFor(configPath);
      const record = await recordSweep(
        project.folder,
        project.store,
        { configPath, paths: flags.path ?? new Map() },
        content,
      );
      await checkDataSets(content.config, record.locations, (cases) => {
        process.stderr.write(`Found faulty cases; reading the other ${cases} to list every fault …\n`);
      });
      await runAndReport(project, record, content.config.numerics.threads, flags);
    });
}

export function registerRerunCommand(program: Command): void {
  program
    .command('rerun')
    .summary("retry a sweep's failed units")
    .description('Retries the failed units of a sweep and the units that depend on them. Reuses all other results.')
    .argument('<sweep>', 'sweep id, as listed by "volbias status"')
    .requiredOption('--failed', 'retry the failed units')
    .option('--address <host:port>', 'use this Temporal server and its workers instead of starting local ones')
    .option('--data-dir <folder>', 'data folder (default: VOLBIAS_DATA_DIR, else .volbias)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  volbias rerun quickstart-0123456789 --failed')
    .action(async (sweep: string, flags: EngineFlags) => {
      const project = openProject(flags.dataDir);
      const record = await readSweepRecord(project.folder, sweep);
      const { config } = await readSweepContent(project.store, record.specification);
      await runAndReport(project, record, config.numerics.threads, flags);
    });
}

async function runAndReport(
  { folder, store }: Project,
  record: SweepRecord,
  threads: number,
  flags: EngineFlags,
): Promise<void> {
  process.stderr.write(`sweep ${record.id}\n`);
  const result = await runSweep({ folder, record, threads, address: flags.address });
  const report = result.report === null ? undefined : await exportReport(folder, store, record.id, result.report);
  if (flags.json === true) {
    printJson({ sweep: record.id, reportFolder: report ?? null, ...result });
  } else {
    if (report !== undefined && result.report !== null) {
      const table = await store.readFile(await store.manifest(result.report.digest), 'table1.txt');
      print(`\n${Buffer.from(table).toString('utf8')}`);
    }
    for (const failure of result.failures) {
      const words = await wordsOfFailure({ folder, store }, record.id, failure);
      print(`FAILED ${failure.unit} (${failure.kind}): ${words}`);
    }
    if (result.repaired.length > 0) {
      print(`Some stored results were missing or damaged and were recomputed: ${result.repaired.join(', ')}.`);
      print(`Damaged files are kept in ${folder.quarantine}; check the disk.`);
    }
    print(summaryLine(result));
    if (report !== undefined) print(`Report: ${join(report, 'report.html')}`);
    if (result.outcome !== 'complete') print(`To retry the failed units:\n${rerunCommand(record.id, flags)}`);
  }
  process.exitCode = exitCodeOf(result.outcome);
  if (result.outcome === 'failed' && result.failures.every(({ kind }) => kind === 'ConfigInvalid')) {
    process.exitCode = exitCodes.usage;
  }
}

/** The rerun command with this run's flags, quoted for a shell. */
function rerunCommand(sweep: string, { address, dataDir }: EngineFlags): string {
  const flags = [
    ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ...(address === undefined ? [] : ['--address', address]),
  ];
  return ['volbias', 'rerun', sweep, '--failed', ...flags.map(shellWord)].join(' ');
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function summaryLine({ steps, failures, blocked }: SweepResult): string {
  const sum = (key: 'total' | 'cached' | 'done'): number => steps.reduce((total, step) => total + step[key], 0);
  const done = sum('done');
  const failed =
    failures.length === 0 ? '' : `, ${String(failures.length)} failed, ${String(blocked)} skipped: a dependency failed`;
  if (done === 0 && failures.length === 0) return `Nothing to compute: all ${String(sum('total'))} units were cached.`;
  return `Computed ${String(done)} ${done === 1 ? 'unit' : 'units'}, took ${String(sum('cached'))} from the cache${failed}.`;
}
