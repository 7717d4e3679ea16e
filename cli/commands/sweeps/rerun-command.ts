import { Option, type Command } from 'commander';

import { counted } from '../../../domain/report/words/format-number.js';
import type { UnitFailure } from '../../../contracts/sweep.js';
import { DomainError } from '../../../domain/domain-error.js';
import { triageWords, type TriagedUnit } from '../../../domain/plan/triage.js';
import { chooseUnits, type UnitSelection } from '../../../domain/plan/unit-selection.js';
import { sweepHistories } from '../../../steps/provenance/sweep-history.js';
import { refuseUnlessPrecise } from '../../../storage/machine/precision.js';
import { readSweepContent, type SweepContent } from '../../../storage/sweeps/sweep-content.js';
import { readSweepRecord, type SweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { liveClient, refuseUnreachable, updateSweep, type LiveClient } from '../../engine/live-sweep.js';
import { openPrivateProject, type Project } from '../../project.js';
import { currentTriage } from '../../sweep/current-triage.js';
import { recordAction, type Action } from '../../sweep/record-action.js';
import { putCheckpointsAside } from '../../sweep/restart-checkpoints.js';
import { runAndReport, type EngineFlags } from '../../sweep/run-and-report.js';
import { triageText } from '../../sweep/triage-text.js';
import { selectionsOf, withUnitOptions, type UnitFlags } from '../../sweep/unit-options.js';
import { commandFor } from '../../terminal/command-for.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson, warn } from '../../terminal/table.js';

interface RerunFlags extends EngineFlags, UnitFlags {
  readonly failed?: true;
  readonly mode: 'resume' | 'restart';
  readonly reason?: string;
  readonly dryRun?: true;
}

interface Sweep {
  readonly project: Project;
  readonly record: SweepRecord;
  readonly content: SweepContent;
}

export function registerRerunCommand(program: Command): void {
  const command = program
    .command('rerun')
    .summary('run failed units of a sweep again')
    .description(
      'Runs failed units of a sweep again, and all units that depend on them: of a running sweep at once, of one that has ' +
        'ended in a new run, in which the other failures stand. First shows what has become of each fold of each arm. ' +
        'Stored results are never computed again; "volbias verify --audit" does that, and compares.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .option('--failed', 'all failed units');
  withUnitOptions(command)
    .addOption(
      new Option('--mode <mode>', 'whether trainings go on from their last checkpoint or begin anew')
        .choices(['resume', 'restart'])
        .default('resume'),
    )
    .option('--reason <text>', 'why, for the lineage')
    .option('--dry-run', 'only show what would run')
    .option('--address <host:port>', 'use a running Temporal server and its workers')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  volbias rerun quickstart-0123456789 --failed\n' +
        '  volbias rerun quickstart-0123456789 --filter model=unet,fold=3 --mode restart --reason "new disk"',
    )
    .action(async (id: string, flags: RerunFlags) => {
      const given = selectionsOf(flags);
      if (given.length === 0 && flags.failed !== true) {
        throw new DomainError('ARGUMENT_INVALID', 'say which units: --failed, --unit or --filter');
      }
      const project = openPrivateProject(flags);
      const record = await readSweepRecord(project.folder, id);
      const content = await readSweepContent(project.store, record.specification);
      const live = await liveClient(project.folder, flags.address);
      if (live === undefined) await refuseUnreachable(project.folder, record.id, live);
      let closed: Closed | undefined;
      try {
        closed = await rerun({ project, record, content }, { live, given, flags });
      } finally {
        await live?.close();
      }
      if (closed !== undefined) await runClosed({ project, record, content }, closed, flags);
    });
}

/** The failed units of a sweep that is not running, and what else its next run needs to know. */
interface Closed {
  readonly units: readonly string[];
  readonly kept: readonly UnitFailure[];
  readonly action: Action;
  /** Whether its last run was interrupted: then nothing else is run. */
  readonly alone: boolean;
}

/** Runs units of an open sweep again; of one that is not open, returns what its next run needs to know. */
async function rerun(
  { project, record, content }: Sweep,
  { live, given, flags }: { live: LiveClient | undefined; given: readonly UnitSelection[]; flags: RerunFlags },
): Promise<Closed | undefined> {
  const { folder, lineage } = project;
  const { units: triage, failures, open } = await currentTriage(project, { record, content }, live);
  const chosen = chooseUnits(given.length === 0 ? [{}] : given, triage);
  const failed = chosen.filter(({ state }) => state === 'failed');
  const units = failed.map(({ unit }) => unit);
  if (flags.json === true && flags.dryRun === true) printJson({ sweep: record.id, units: triage, rerun: units });
  else if (flags.json !== true) print(triageText(triage));
  if (flags.dryRun === true) {
    if (flags.json !== true) print(units.length === 0 ? nothingToDo(chosen) : `Would run again: ${units.join(', ')}`);
    return undefined;
  }
  if (failed.length === 0) {
    if (flags.json === true) printJson({ sweep: record.id, rerun: [] });
    else print(nothingToDo(chosen));
    return undefined;
  }
  if (live === undefined) refuseUnlessPrecise(content.config.numerics, undefined);
  if (flags.mode === 'restart') {
    for (const place of await putCheckpointsAside(folder, failed, live))
      warn(`earlier checkpoints are now in ${place}`);
  }
  const action: Action = { action: 'rerun', sweep: record.id, units, reason: flags.reason, mode: flags.mode };
  if (live === undefined || open === undefined) {
    const others = new Set(triage.filter(({ state }) => state === 'failed').map(({ unit }) => unit));
    const alone = sweepHistories((await lineage.inspect()).records).get(record.id)?.isOpen === true;
    return { units, action, alone, kept: failures.filter(({ unit }) => others.has(unit) && !units.includes(unit)) };
  }
  await lineage.read();
  const begun = await updateSweep(live.client, open, 'rerun', units);
  await recordAction(lineage, { ...action, units: begun });
  if (flags.json === true) printJson({ sweep: record.id, rerun: begun });
  else
    print(
      `Running again, in the running sweep: ${begun.join(', ')}. To see them: ${commandFor(`status ${record.id}`, flags)}`,
    );
  return undefined;
}

async function runClosed(
  { project, record, content }: Sweep,
  { units, kept, action, alone }: Closed,
  flags: RerunFlags,
) {
  await runAndReport(project, record, content.config.numerics.threads, {
    ...flags,
    ...{ command: 'rerun', rerun: { units, kept, alone }, onBegin: () => recordAction(project.lineage, action) },
  });
}

function nothingToDo(chosen: readonly TriagedUnit[]): string {
  const words = new Map<string, number>();
  for (const one of chosen) words.set(triageWords(one), (words.get(triageWords(one)) ?? 0) + 1);
  const states = [...words].map(([state, count]) => `${count} ${state}`).join(', ');
  return `Nothing to run again: of ${counted(chosen.length, 'unit')}, none has failed (${states}).`;
}
