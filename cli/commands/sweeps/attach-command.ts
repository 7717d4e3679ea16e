import type { Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { reportFolder } from '../../../storage/sweeps/report-copy.js';
import { readSweepResult } from '../../../storage/sweeps/sweep-results.js';
import { openProject } from '../../project.js';
import { printOutcome, type EngineFlags } from '../../sweep/run-and-report.js';
import { watchPicture } from '../../sweep/watch-picture.js';
import { interruptionByUser } from '../../sweep/watch-sweep.js';
import { commandFor } from '../../terminal/command-for.js';
import { liveCommands } from '../../terminal/live-commands.js';
import { createLiveView } from '../../terminal/live-view.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { warn } from '../../terminal/table.js';

export function registerAttachCommand(program: Command): void {
  program
    .command('attach')
    .summary('show a running sweep until it ends')
    .description(
      'Shows the progress of a sweep that runs in the background or in another terminal and, when it has ended, its result, ' +
        'with the exit code of the run. Ctrl-C ends only the view.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .option('--address <host:port>', 'address of the Temporal server')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  volbias attach quickstart-0123456789')
    .action(async (id: string, flags: EngineFlags) => {
      const project = openProject(flags);
      const record = await readSweepRecord(project.folder, id);
      const interruption = interruptionByUser();
      const view = createLiveView(process.stderr, liveCommands(id, flags));
      const told = new Set<string>();
      const { state } = await watchPicture(project, record, {
        ...{ address: flags.address, interruption },
        show: ({ status: { waitingFor }, look }) => {
          for (const { what } of waitingFor) if (!told.has(what)) view.say(`waiting: ${what}`);
          told.clear();
          for (const { what } of waitingFor) told.add(what);
          if (look !== undefined) view.show(look);
        },
      });
      view.done();
      if (state === 'running') {
        warn(`the sweep goes on; to see it again: ${commandFor(`attach ${id}`, flags)}`);
        return;
      }
      const result = await readSweepResult(project.folder, id);
      if (result === undefined || state === 'not finished') {
        const message = `${id} is not running, and has not ended; to resume it: ${commandFor('run', flags, record.configPath)}`;
        throw new DomainError('ARGUMENT_INVALID', message);
      }
      const report = result.report === null ? undefined : reportFolder(project.folder, id);
      const head = (await project.lineage.head()) ?? '';
      await printOutcome(project, record, { result, report, head }, flags);
    });
}
