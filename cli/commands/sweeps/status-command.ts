import type { Command } from 'commander';
import logUpdate from 'log-update';

import { DomainError } from '../../../domain/domain-error.js';
import { triageWords, type TriagedUnit } from '../../../domain/plan/triage.js';
import { chooseUnits, type UnitSelection } from '../../../domain/plan/unit-selection.js';
import { readSweepContent } from '../../../storage/sweeps/sweep-content.js';
import { listSweeps, readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { excludedCases } from '../../../steps/provenance/excluded-cases.js';
import { liveClient } from '../../engine/live-sweep.js';
import { openProject, type Project } from '../../project.js';
import { currentTriage } from '../../sweep/current-triage.js';
import { inOrder, jsonOf, statusListText, statusText } from '../../sweep/status-text.js';
import { sweepFacts } from '../../sweep/sweep-facts.js';
import { readStatus, type SweepStatus } from '../../sweep/sweep-status.js';
import { selectionsOf, withUnitOptions, type UnitFlags } from '../../sweep/unit-options.js';
import { interruptionByUser, watchSweep } from '../../sweep/watch-sweep.js';
import type { PlaceFlags } from '../../terminal/command-for.js';
import { printable } from '../../terminal/printable.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

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
      const facts = await sweepFacts(project);
      if (sweep === undefined) {
        const ordered = inOrder(statuses, facts);
        if (flags.json === true) printJson(ordered.map((status) => jsonOf(status, facts)));
        else print(statusListText(project.folder, ordered, facts));
        return;
      }
      for (const status of statuses) {
        const triage = await triageOf(project, status);
        if (flags.json === true) {
          const excluded = await excludedCases(project, status.sweep);
          printJson({ ...jsonOf(status, facts), ...(triage !== undefined && { units: triage }), excluded });
        } else print(await statusText(project, { status, triage, facts: facts.get(status.sweep) }, flags));
      }
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

/** What has become of the units of a sweep that nobody runs and whose last run has left no result. */
async function triageOf(
  project: Project,
  { sweep, state, progress }: SweepStatus,
): Promise<readonly TriagedUnit[] | undefined> {
  if (state !== 'not finished' || progress !== null) return undefined;
  const record = await readSweepRecord(project.folder, sweep);
  const content = await readSweepContent(project.store, record.specification);
  return (await currentTriage(project, { record, content }, undefined)).units;
}

/** Redraws the status on a terminal; elsewhere prints it whenever it has changed. */
async function watch(project: Project, id: string, flags: PlaceFlags): Promise<void> {
  let last = '';
  const facts = (await sweepFacts(project)).get(id);
  await watchSweep(project, id, {
    ...{ address: flags.address, interruption: interruptionByUser() },
    show: async (status) => {
      const text = await statusText(project, { status, triage: await triageOf(project, status), facts }, flags);
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
