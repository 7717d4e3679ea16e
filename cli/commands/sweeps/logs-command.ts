import { InvalidArgumentError, type Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import { chooseUnits, selectionNamed } from '../../../domain/plan/unit-selection.js';
import { parseUnitName } from '../../../domain/plan/unit-name.js';
import { planSweep } from '../../../steps/planning/plan-sweep.js';
import { stepNamed } from '../../../steps/pipeline.js';
import { unitLogs, type UnitLog } from '../../../storage/store/unit-logs.js';
import { readSweepContent } from '../../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { alone, openProject, type Project } from '../../project.js';
import { printLog } from '../../sweep/print-log.js';
import { dataDirOption } from '../../terminal/options.js';

export function registerLogsCommand(program: Command): void {
  program
    .command('logs')
    .summary('print the log of a unit')
    .description(
      'Prints what the process of a unit has written: of its last attempt, or of an earlier one. The logs of the last five ' +
        'attempts are kept.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .argument('<unit>', 'such as "evaluate lesions/unet/sd/fold-0", or lesions/unet/sd/0 for its training')
    .option('--follow', 'go on until the attempt has ended')
    .option('--attempt <n>', 'the attempt, from 1', wholeNumber)
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  volbias logs quickstart-0123456789 brain-high/unet/sd/0 --follow')
    .action(async (sweep: string, name: string, flags: { follow?: true; attempt?: number; dataDir?: string }) => {
      const log = await logOf(openProject(alone(flags)), { sweep, name, attempt: flags.attempt });
      await printLog(log.path, flags.follow === true);
    });
}

async function logOf(
  project: Project,
  { sweep, name, attempt }: { readonly sweep: string; readonly name: string; readonly attempt: number | undefined },
): Promise<UnitLog> {
  const record = await readSweepRecord(project.folder, sweep);
  const { works } = await planSweep(project, await readSweepContent(project.store, record.specification), record);
  const units = works.map((work) => ({ ...work, coordinates: parseUnitName(work.unit)?.coordinates ?? {} }));
  const [unit] = chooseUnits([selectionNamed(name) ?? { step: name }], units);
  if (unit === undefined) throw new DomainError('ARGUMENT_INVALID', `the sweep has no unit "${name}"`);
  const { step, key } = unit;
  if (!stepNamed(step).ownProcess) {
    const where = `worker.log in ${project.folder.logs}`;
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${unit.unit} has no log of its own: the worker computes it; see ${where}`,
    );
  }
  const logs = key === null ? [] : unitLogs(project.folder, { step, key });
  const found = attempt === undefined ? logs.at(-1) : logs.find((log) => log.attempt === attempt);
  if (found !== undefined) return found;
  const kept = logs.map((log) => log.attempt).join(', ');
  const why = kept === '' ? 'it has not begun, or its logs were removed' : `kept are the logs of attempts ${kept}`;
  throw new DomainError('ARGUMENT_INVALID', `${unit.unit} has no such log: ${why}`);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number of at least 1');
}
