import { once } from 'node:events';

import { InvalidArgumentError, type Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import { firstTen } from '../../../domain/report/words/format-number.js';
import { listSweeps, readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { liveClient, temporalPage } from '../../engine/live-sweep.js';
import { openProject, type Project } from '../../project.js';
import type { EngineFlags } from '../../sweep/run-and-report.js';
import { sweepFacts } from '../../sweep/sweep-facts.js';
import { readStatus } from '../../sweep/sweep-status.js';
import { watchPicture } from '../../sweep/watch-picture.js';
import { interruptionByUser } from '../../sweep/watch-sweep.js';
import { commandFor } from '../../terminal/command-for.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, warn } from '../../terminal/table.js';
import { SweepPage } from '../../watch/sweep-page.js';

interface WatchFlags extends Omit<EngineFlags, 'json'> {
  readonly port?: number;
}

export function registerWatchCommand(program: Command): void {
  program
    .command('watch')
    .summary('show a sweep in a browser')
    .description(
      'Offers a page on this machine alone, at a secret address, that shows a sweep as it goes: its steps, each fold of each arm, ' +
        'losses, failures and what to do about them, and how long it still takes. Shows the end and the report, too. Ctrl-C ends the ' +
        'page only.',
    )
    .argument('[sweep]', 'sweep id, as "volbias status" lists it (default: the one that is running)')
    .option('--port <n>', 'port of the page (default: a free one)', portNumber)
    .option('--address <host:port>', 'address of the Temporal server')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .addHelpText('after', '\nExamples:\n  volbias watch\n  volbias watch quickstart-0123456789 --port 8080')
    .action(async (sweep: string | undefined, flags: WatchFlags) => {
      const project = openProject(flags);
      const record = await readSweepRecord(project.folder, sweep ?? (await runningSweep(project, flags)));
      const interruption = interruptionByUser();
      const interrupted = once(interruption, 'abort');
      const page = await SweepPage.open(project, record, {
        ...{ port: flags.port ?? 0, place: flags, outlivesSweep: true },
      });
      try {
        print(`${record.id}: ${page.url}`);
        warn(
          'Only this machine reaches this address, and whoever knows it sees what the terminal shows. Ctrl-C ends it.',
        );
        const { state } = await watchPicture(project, record, {
          ...{ address: flags.address, interruption },
          show: async (shown) => {
            if (shown.status.state !== 'running') await page.showLeft();
            else await page.show(shown, await temporalPage(project.folder, flags.address));
          },
        });
        if (!interruption.aborted) {
          await page.end();
          warn(`${record.id}: ${state}. The page stays until Ctrl-C.`);
          await interrupted;
        }
      } finally {
        await page.close();
      }
    });
}

/** The only sweep of a data folder that is running. ARGUMENT_INVALID, with what to do, if there is none, or several. */
async function runningSweep(project: Project, flags: WatchFlags): Promise<string> {
  const ids = await listSweeps(project.folder);
  const live = ids.length === 0 ? undefined : await liveClient(project.folder, flags.address);
  try {
    const statuses = await Promise.all(ids.map((id) => readStatus(project, id, live?.client)));
    const running = statuses.flatMap(({ sweep, state }) => (state === 'running' ? [sweep] : []));
    const [only, ...others] = running;
    if (only !== undefined && others.length === 0) return only;
    const reason = only === undefined ? await whatToDo(project, flags) : `several are running: ${firstTen(running)}`;
    throw new DomainError('ARGUMENT_INVALID', `name the sweep to watch; ${reason}`);
  } finally {
    await live?.close();
  }
}

async function whatToDo(project: Project, flags: WatchFlags): Promise<string> {
  const last = [...(await sweepFacts(project))].at(-1);
  const none = `none is running in ${project.folder.root}`;
  if (last === undefined) return `${none}, and none has run yet. To start one: volbias run CONFIG --web`;
  const [id, { configPath }] = last;
  const again = commandFor('run --web', flags, configPath);
  return `${none}. To see how the last one has ended: ${commandFor(`watch ${id}`, flags)}; to run it again: ${again}`;
}

function portNumber(text: string): number {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('expected a port, from 1 to 65535');
}
