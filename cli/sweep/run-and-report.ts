import { join } from 'node:path';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { SweepResult, UnitsByStatus } from '../../contracts/sweep.js';
import { DomainError } from '../../domain/domain-error.js';
import { counted } from '../../domain/report/words/format-number.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { exportReport } from '../../storage/sweeps/report-copy.js';
import { writeLineageHead } from '../../storage/sweeps/sweep-results.js';
import { sweepHistories } from '../../steps/provenance/sweep-history.js';
import { excludedCases } from '../../steps/provenance/excluded-cases.js';
import { runSweep } from '../engine/run-sweep.js';
import { UnitsHaveRun } from '../engine/follow-sweep.js';
import type { Rerun } from '../engine/rerun.js';
import { recordedRun } from '../lineage/recorded-run.js';
import type { Project } from '../project.js';
import { writeShownPredictions } from './write-shown-predictions.js';
import { openRunPage } from '../watch/run-page.js';
import { excludedLines } from './excluded-lines.js';
import { pictureOf } from './picture-of.js';
import type { SweepLook } from './sweep-picture.js';
import { failureLines, tellFailures } from './told-failures.js';
import { commandFor } from '../terminal/command-for.js';
import { liveCommands } from '../terminal/live-commands.js';
import { exitCodeOf, exitCodes } from '../terminal/exit-codes.js';
import { printable } from '../terminal/printable.js';
import { print, printJson } from '../terminal/table.js';

export interface EngineFlags {
  readonly address?: string;
  readonly dataDir?: string;
  readonly store?: string;
  readonly json?: true;
}

export interface RunFlags extends EngineFlags {
  readonly command: 'run' | 'rerun';
  readonly rerun?: Rerun;
  readonly metricsAddress?: string;
  readonly priorityKey?: number;
  /** Offers a page that shows the run. */
  readonly web?: true;
  /** Called once the lineage has the beginning of the run. */
  readonly onBegin?: () => Promise<void>;
}

/** Runs a sweep to its end, prints its result and sets the exit code. */
export async function runAndReport(
  project: Project,
  record: SweepRecord,
  threads: number,
  flags: RunFlags,
): Promise<void> {
  const { folder, lineage } = project;
  process.stderr.write(`sweep ${record.id}\n`);
  const { command, rerun, address, onBegin, metricsAddress, priorityKey } = flags;
  const chosen = {
    ...(metricsAddress !== undefined && { metricsAddress }),
    ...(priorityKey !== undefined && { priority: priorityKey }),
    ...(rerun !== undefined && { rerun }),
  };
  const page = flags.web === true ? await openRunPage(project, record, flags) : undefined;
  const run = async (): Promise<SweepResult> => {
    await onBegin?.();
    const records = await lineage.read();
    const { holds = [], cancelled = [] } = sweepHistories(records).get(record.id) ?? {};
    const picture = await pictureOf(project, record, records);
    return runSweep({
      folder,
      record,
      threads,
      address,
      commands: liveCommands(record.id, flags),
      holds,
      cancelled: [...cancelled],
      picture,
      ...(page !== undefined && { onLook: (look: SweepLook) => page.show(look, picture) }),
      ...chosen,
    });
  };
  const ended = await recordedRun(lineage, { record, command }, () =>
    withReport(run, ({ report: ref }) => (ref === null ? undefined : exportedReport(project, record, ref))),
  )
    .catch(unlessUnitsHaveRun)
    .catch(async (error: unknown) => {
      await page?.end(false);
      throw error;
    });
  await page?.end(true);
  if (ended instanceof UnitsHaveRun) {
    printRerunUnits(rerun?.units ?? [], ended.units, { record, flags });
    return;
  }
  const { result, report } = ended;
  const head = await writeLineageHead(folder, record.id, lineage);
  await printOutcome(project, record, { result, report, head }, flags);
}

/** Copies the report and, if the config asks for them, the predictions; returns the folder. */
async function exportedReport(project: Project, record: SweepRecord, report: ArtifactRef): Promise<string> {
  const target = await exportReport(project, record.id, report);
  const { config } = await readSweepContent(project.store, record.specification);
  if (config.outputs?.predictions === 'all') await writeShownPredictions(project, { config, report, target });
  return target;
}

function unlessUnitsHaveRun(error: unknown): UnitsHaveRun {
  if (error instanceof UnitsHaveRun) return error;
  throw error;
}

/** What has become of the failed units of an interrupted sweep, which ran alone. */
function printRerunUnits(
  units: readonly string[],
  { done, cached }: UnitsByStatus,
  { record, flags }: { readonly record: SweepRecord; readonly flags: RunFlags },
): void {
  const stored = new Set([...done, ...cached]);
  const failed = units.filter((unit) => !stored.has(unit));
  if (flags.json === true) printJson({ sweep: record.id, rerun: units, failed });
  else {
    for (const unit of units) print(`${failed.includes(unit) ? 'FAILED again' : 'done'}: ${unit}`);
    print(`The sweep was interrupted before. To go on with the rest: ${commandFor('run', flags, record.configPath)}`);
  }
  process.exitCode = failed.length === 0 ? exitCodes.ok : exitCodes.partial;
}

/** How a run has ended, and where its report is. */
export interface Outcome {
  readonly result: SweepResult;
  readonly report: string | undefined;
  readonly head: string;
}

/** Prints the result of a sweep and sets the exit code. */
export async function printOutcome(
  { folder, store, lineage }: Pick<Project, 'folder' | 'store' | 'lineage'>,
  record: SweepRecord,
  { result, report, head }: Outcome,
  flags: EngineFlags,
): Promise<void> {
  const excluded = await excludedCases({ folder, store, lineage }, record.id);
  if (flags.json === true) {
    printJson({ sweep: record.id, reportFolder: report ?? null, lineageHead: head, excluded, ...result });
  } else {
    if (report !== undefined && result.report !== null) {
      const table = await store.readFile(await store.manifest(result.report.digest), 'table1.txt');
      print(`\n${Buffer.from(table).toString('utf8')}`);
    }
    for (const line of excludedLines(excluded)) print(line);
    const told = await tellFailures({ folder, store }, { sweep: record.id, failures: result.failures }, flags);
    for (const line of failureLines(told)) print(line);
    if (result.repaired.length > 0) {
      print(`Some results were missing or corrupt and were computed again: ${result.repaired.join(', ')}.`);
      print(`Corrupt files are in ${folder.quarantine}. Check this disk.`);
    }
    print(summaryLine(result));
    if (report !== undefined) print(`Report: ${join(report, 'report.html')}`);
    print(`Lineage: ${head}`);
    for (const remedy of told.remedies) print(remedy);
    const isUnexplained = result.outcome !== 'complete' && result.failures.length === 0;
    const again = isUnexplained ? commandFor(`rerun ${record.id} --failed`, flags) : told.again;
    if (again !== undefined) print(`To run the failed units again:\n${again}`);
  }
  process.exitCode = exitCodeOf(result.outcome);
  // What the data folder has lost could not be made again.
  if (result.failures.some(({ kind }) => kind === 'StoreCorrupt')) process.exitCode = exitCodes.mismatch;
  if (result.outcome === 'failed' && result.failures.every(({ kind }) => kind === 'ConfigInvalid')) {
    process.exitCode = exitCodes.usage;
  }
}

/** How often a damaged report is computed again before the disk is given up. */
const mostRepairs = 3;

/** Runs the sweep and exports its report; where the stored report is damaged, it is computed again. */
async function withReport(
  run: () => Promise<SweepResult>,
  exported: (result: SweepResult) => Promise<string> | undefined,
): Promise<{ result: SweepResult; report: string | undefined }> {
  for (let repairs = 0; ; repairs++) {
    const result = await run();
    try {
      return { result, report: await exported(result) };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'STORE_CORRUPT' || repairs === mostRepairs) throw error;
      process.stderr.write(`volbias: ${printable(error.message)}; computing it again …\n`);
    }
  }
}

function summaryLine({ steps, failures, blocked }: SweepResult): string {
  const sum = (key: 'total' | 'cached' | 'done'): number => steps.reduce((total, step) => total + step[key], 0);
  const done = sum('done');
  const failed =
    failures.length === 0 ? '' : `, ${String(failures.length)} failed, ${String(blocked)} skipped: a dependency failed`;
  if (done === 0 && failures.length === 0) return `Nothing to compute: all ${String(sum('total'))} units are cached.`;
  return `Computed ${counted(done, 'unit')}, ${String(sum('cached'))} cached${failed}.`;
}
