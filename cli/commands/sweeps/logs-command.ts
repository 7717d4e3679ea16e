import { InvalidArgumentError, type Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import { chooseUnits, selectionNamed } from '../../../domain/plan/unit-selection.js';
import { parseUnitName } from '../../../domain/plan/unit-name.js';
import { planSweep } from '../../../steps/planning/plan-sweep.js';
import { stepNamed } from '../../../steps/pipeline.js';
import { curveOfTraining } from '../../../steps/provenance/learning-curves.js';
import { train } from '../../../steps/train.js';
import type { PlannedWork } from '../../../domain/lineage/planned-work.js';
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
    .option('--curve', 'print the learning curve of a training as CSV, with the epochs that it has done so far')
    .option('--attempt <n>', 'the attempt, from 1', wholeNumber)
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  volbias logs quickstart-0123456789 brain-high/unet/sd/0 --follow')
    .action(async (sweep: string, name: string, flags: LogsFlags) => {
      const project = openProject(alone(flags));
      const unit = await unitOf(project, sweep, name);
      if (flags.curve === true) process.stdout.write(await curveOf(project, unit));
      else await printLog(logOf(project, unit, flags.attempt).path, flags.follow === true);
    });
}

interface LogsFlags {
  readonly follow?: true;
  readonly curve?: true;
  readonly attempt?: number;
  readonly dataDir?: string;
}

type Unit = Pick<PlannedWork, 'unit' | 'key' | 'digest' | 'cached'> & { readonly step: string };

async function unitOf(project: Project, sweep: string, name: string): Promise<Unit> {
  const record = await readSweepRecord(project.folder, sweep);
  const { works } = await planSweep(project, await readSweepContent(project.store, record.specification), record);
  const units = works.map((work) => ({ ...work, coordinates: parseUnitName(work.unit)?.coordinates ?? {} }));
  const [unit] = chooseUnits([selectionNamed(name) ?? { step: name }], units);
  if (unit === undefined) throw new DomainError('ARGUMENT_INVALID', `the sweep has no unit "${name}"`);
  return unit;
}

/** From its result, or from what it shows while it trains. */
async function curveOf(project: Project, unit: Unit): Promise<string> {
  if (unit.step !== train.name)
    throw new DomainError('ARGUMENT_INVALID', `${unit.unit} has no learning curve: it is no training`);
  const text = await curveOfTraining(project, unit);
  if (text !== undefined) return text;
  const why = 'no epoch has ended on this machine';
  throw new DomainError('ARGUMENT_INVALID', `${unit.unit} has no learning curve yet: ${why}`);
}

function logOf(project: Project, { unit: name, step, key }: Unit, attempt: number | undefined): UnitLog {
  if (!stepNamed(step).ownProcess) {
    const where = `worker.log in ${project.folder.logs}`;
    throw new DomainError('ARGUMENT_INVALID', `${name} has no log of its own: the worker computes it; see ${where}`);
  }
  const logs = key === null ? [] : unitLogs(project.folder, { step, key });
  const found = attempt === undefined ? logs.at(-1) : logs.find((log) => log.attempt === attempt);
  if (found !== undefined) return found;
  const kept = logs.map((log) => log.attempt).join(', ');
  const why = kept === '' ? 'it has not begun, or its logs were removed' : `kept are the logs of attempts ${kept}`;
  throw new DomainError('ARGUMENT_INVALID', `${name} has no such log: ${why}`);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number of at least 1');
}
