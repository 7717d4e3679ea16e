import type { Command } from 'commander';
import logUpdate from 'log-update';

import { DomainError } from '../../../domain/domain-error.js';
import { mayRerun, remediesFor } from '../../../domain/plan/failure-advice.js';
import { triageWords } from '../../../domain/plan/triage.js';
import { chooseUnits, type UnitSelection } from '../../../domain/plan/unit-selection.js';
import { wordsOfFailure } from '../../../storage/sweeps/failure-records.js';
import { readSweepContent } from '../../../storage/sweeps/sweep-content.js';
import type { DataFolder } from '../../../storage/store/data-folder.js';
import { listSweeps, readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { knownRunLog } from '../../../storage/sweeps/run-log.js';
import { excludedCases } from '../../../steps/provenance/excluded-cases.js';
import { liveClient } from '../../engine/live-sweep.js';
import { timeOf } from '../../engine/obstacles.js';
import { openProject, type Project } from '../../project.js';
import { currentTriage } from '../../sweep/current-triage.js';
import { excludedLines } from '../../sweep/excluded-lines.js';
import { readStatus, type SweepStatus } from '../../sweep/sweep-status.js';
import { selectionsOf, withUnitOptions, type UnitFlags } from '../../sweep/unit-options.js';
import { interruptionByUser, watchSweep } from '../../sweep/watch-sweep.js';
import { commandFor, type PlaceFlags } from '../../terminal/command-for.js';
import { pausedLine } from '../../terminal/paused-line.js';
import { printable } from '../../terminal/printable.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson, textTable } from '../../terminal/table.js';

interface StatusFlags extends UnitFlags {
  readonly watch?: true;
  readonly address?: string;
  readonly dataDir?: string;
  readonly store?: string;
  readonly json?: true;
}

export function registerStatusCommand(program: Command): void {
  const command = program
    .command('status')
    .summary('show progress and failures of sweeps')
    .description(
      'Lists the sweeps of a data folder, or shows one sweep step by step, with failures and their reasons; or what has ' +
        'become of the units that are chosen.',
    )
    .argument('[sweep]', 'sweep id');
  withUnitOptions(command)
    .option('--address <host:port>', 'address of the Temporal server')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--watch', 'show one sweep until it ends')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  volbias status\n  volbias status quickstart-0123456789 --watch')
    .action(async (sweep: string | undefined, flags: StatusFlags) => {
      const project = openProject(flags);
      if (flags.watch === true) {
        if (sweep === undefined) throw new DomainError('ARGUMENT_INVALID', '--watch shows one sweep: name it');
        await watch(project, (await readSweepRecord(project.folder, sweep)).id, flags);
        return;
      }
      const selections = selectionsOf(flags);
      if (selections.length > 0) {
        if (sweep === undefined)
          throw new DomainError('ARGUMENT_INVALID', '--unit and --filter are of one sweep: name it');
        await showUnits(project, sweep, selections, flags);
        return;
      }
      const ids =
        sweep === undefined ? await listSweeps(project.folder) : [(await readSweepRecord(project.folder, sweep)).id];
      const statuses = await readStatuses(project, ids, flags.address);
      const [{ fault } = { fault: undefined }] = statuses;
      // One damaged record does not hide the other sweeps.
      if (sweep !== undefined && fault !== undefined) throw fault;
      if (flags.json === true) {
        const [only] = statuses;
        const isOne = sweep !== undefined && only !== undefined;
        printJson(isOne ? { ...only, excluded: await excludedCases(project, only.sweep) } : statuses.map(withoutFault));
      } else if (sweep === undefined) printList(project.folder, statuses);
      else for (const status of statuses) print(await textOf(project, status, flags));
    });
}

async function readStatuses(
  project: Project,
  ids: readonly string[],
  flag: string | undefined,
): Promise<SweepStatus[]> {
  const client = ids.length === 0 ? undefined : await liveClient(project.folder, flag);
  try {
    return await Promise.all(ids.map((id) => readStatus(project, id, client?.client)));
  } finally {
    await client?.close();
  }
}

function withoutFault({ sweep, state, progress, waitingFor }: SweepStatus): SweepStatus {
  return { sweep, state, progress, waitingFor };
}

function printList({ root }: DataFolder, statuses: readonly SweepStatus[]): void {
  if (statuses.length === 0) {
    print(
      `No sweep has run in ${root} yet. To start one: volbias quickstart, or with your own images volbias init FOLDER`,
    );
    return;
  }
  const rows = statuses.map(({ sweep, state, progress }) => {
    const sum = (key: 'total' | 'cached' | 'done'): number =>
      progress?.steps.reduce((total, step) => total + step[key], 0) ?? 0;
    return [sweep, state, progress === null ? '' : `${String(sum('cached') + sum('done'))}/${String(sum('total'))}`];
  });
  print(textTable(['sweep', 'state', 'units'], rows));
}

async function textOf(
  project: Project,
  { sweep, state, progress, waitingFor }: SweepStatus,
  place: PlaceFlags,
): Promise<string> {
  const lines = [`${sweep}: ${state}`];
  for (const obstacle of waitingFor) lines.push(`waiting since ${timeOf(obstacle)}: ${obstacle.what}`);
  const log = state === 'not finished' ? knownRunLog(project.folder, sweep) : undefined;
  if (log !== undefined) lines.push(`its last run in the background says why in ${log}`);
  if (progress === null) return lines.join('\n');
  const paused = pausedLine(progress, commandFor(`resume ${sweep}`, place));
  if (paused !== undefined) lines.push(paused);
  const rows = progress.steps.map(({ step, total, cached, done, failed }) =>
    [step, total, cached, done, failed].map(String),
  );
  lines.push(textTable(['step', 'units', 'cached', 'computed', 'failed'], rows));
  lines.push(...excludedLines(await excludedCases(project, sweep)));
  for (const failure of progress.failures) {
    lines.push(`FAILED ${failure.unit} (${failure.kind}): ${await wordsOfFailure(project, sweep, failure)}`);
  }
  lines.push(...remediesFor(progress.failures));
  if (progress.failures.some(mayRerun)) lines.push(`To retry: ${commandFor(`rerun ${sweep} --failed`, place)}`);
  return lines.join('\n');
}

/** Redraws the status on a terminal; elsewhere prints it whenever it has changed. */
async function watch(project: Project, id: string, flags: PlaceFlags): Promise<void> {
  let last = '';
  await watchSweep(project, id, {
    ...{ address: flags.address, interruption: interruptionByUser() },
    show: async (status) => {
      const text = await textOf(project, status, flags);
      if (process.stdout.isTTY) logUpdate(printable(text));
      else if (text !== last) print(text);
      last = text;
    },
  });
  if (process.stdout.isTTY) logUpdate.done();
}

async function showUnits(
  project: Project,
  id: string,
  selections: readonly UnitSelection[],
  { address, json }: StatusFlags,
): Promise<void> {
  const record = await readSweepRecord(project.folder, id);
  const content = await readSweepContent(project.store, record.specification);
  const live = await liveClient(project.folder, address);
  try {
    const { units } = await currentTriage(project, { record, content }, live);
    const chosen = chooseUnits(selections, units);
    if (json === true) printJson({ sweep: id, units: chosen });
    else print(chosen.map((one) => `${one.unit}: ${triageWords(one)}`).join('\n'));
  } finally {
    await live?.close();
  }
}
