import type { Client } from '@temporalio/client';
import type { Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import type { SweepProgress, SweepResult } from '../../../contracts/sweep.js';
import { lockHolder } from '../../../storage/files/file-lock.js';
import { wordsOfFailure } from '../../../storage/sweeps/failure-records.js';
import { listSweeps, readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { readWaiting, type Obstacle } from '../../../storage/sweeps/waiting-record.js';
import { readSweepResult } from '../../../storage/sweeps/sweep-results.js';
import { askProgress, liveClient, openSweep } from '../../engine/live-sweep.js';
import { diskObstacle, timeOf } from '../../engine/obstacles.js';
import { openProject, type Project } from '../../project.js';
import { dataDirOption } from '../../terminal/options.js';
import { print, printJson, textTable } from '../../terminal/table.js';

interface SweepStatus {
  readonly sweep: string;
  readonly state: 'running' | 'not finished' | 'damaged' | SweepResult['outcome'];
  readonly progress: SweepProgress | null;
  readonly waitingFor: readonly Obstacle[];
  /** Why the record of its result cannot be read. */
  readonly fault?: DomainError;
}

export function registerStatusCommand(program: Command): void {
  program
    .command('status')
    .summary('show progress and failures of sweeps')
    .description('Lists the sweeps of a data folder, or shows one sweep step by step, with failures and their reasons.')
    .argument('[sweep]', 'sweep id')
    .option('--address <host:port>', 'address of the Temporal server')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias status\n  volbias status quickstart-0123456789')
    .action(async (sweep: string | undefined, flags: { address?: string; dataDir?: string; json?: true }) => {
      const project = openProject(flags.dataDir);
      const ids =
        sweep === undefined ? await listSweeps(project.folder) : [(await readSweepRecord(project.folder, sweep)).id];
      const statuses = await readStatuses(project, ids, flags.address);
      const [{ fault } = { fault: undefined }] = statuses;
      // One damaged record does not hide the other sweeps.
      if (sweep !== undefined && fault !== undefined) throw fault;
      if (flags.json === true) printJson(sweep === undefined ? statuses.map(withoutFault) : statuses[0]);
      else if (sweep === undefined) printList(statuses);
      else for (const status of statuses) await printOne(project, status);
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

async function readStatus(project: Project, id: string, client: Client | undefined): Promise<SweepStatus> {
  const { folder } = project;
  const [result, fault] = await readSweepResult(folder, id).then(
    (read) => [read ?? null, undefined] as const,
    (error: unknown) => [null, damageOf(error)] as const,
  );
  const live = client === undefined ? undefined : await liveProgress(client, id);
  const isRunning = (await lockHolder(folder.lock)) !== undefined;
  const waitingFor = isRunning ? [...(await readWaiting(folder, id))] : [];
  // While a disk is full, the run cannot record that it waits, and the server may not answer.
  const disk = live !== undefined || (isRunning && result === null) ? await diskObstacle(folder) : undefined;
  if (disk !== undefined && !waitingFor.some(({ what }) => what === disk)) {
    waitingFor.push({ what: disk, since: new Date().toISOString() });
  }
  if (live === undefined && waitingFor.length === 0) {
    if (fault !== undefined) return { sweep: id, state: 'damaged', progress: null, waitingFor, fault };
    return { sweep: id, state: result?.outcome ?? 'not finished', progress: result, waitingFor };
  }
  return { sweep: id, state: 'running', progress: live?.progress ?? result, waitingFor };
}

function damageOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

/** Undefined if the sweep is not open; null while no worker answers. */
async function liveProgress(client: Client, id: string): Promise<{ progress: SweepProgress | null } | undefined> {
  const sweep = await openSweep(client, id);
  return sweep === undefined ? undefined : { progress: (await askProgress(client, sweep)) ?? null };
}

function withoutFault({ sweep, state, progress, waitingFor }: SweepStatus): SweepStatus {
  return { sweep, state, progress, waitingFor };
}

function printList(statuses: readonly SweepStatus[]): void {
  if (statuses.length === 0) {
    print('No sweep has run here yet. Start one: volbias run configs/quickstart.yaml');
    return;
  }
  const rows = statuses.map(({ sweep, state, progress }) => {
    const sum = (key: 'total' | 'cached' | 'done'): number =>
      progress?.steps.reduce((total, step) => total + step[key], 0) ?? 0;
    return [sweep, state, progress === null ? '' : `${String(sum('cached') + sum('done'))}/${String(sum('total'))}`];
  });
  print(textTable(['sweep', 'state', 'units'], rows));
}

async function printOne(project: Project, { sweep, state, progress, waitingFor }: SweepStatus): Promise<void> {
  print(`${sweep}: ${state}`);
  for (const obstacle of waitingFor) print(`waiting since ${timeOf(obstacle)}: ${obstacle.what}`);
  if (progress === null) return;
  const rows = progress.steps.map(({ step, total, cached, done, failed }) =>
    [step, total, cached, done, failed].map(String),
  );
  print(textTable(['step', 'units', 'cached', 'computed', 'failed'], rows));
  for (const failure of progress.failures) {
    print(`FAILED ${failure.unit} (${failure.kind}): ${await wordsOfFailure(project, sweep, failure)}`);
  }
  if (progress.failures.length > 0) print(`To retry: volbias rerun ${sweep} --failed`);
}
