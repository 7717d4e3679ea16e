import type { Command } from 'commander';

import type { SweepSpecification } from '../../../contracts/activities.js';
import { updateNames } from '../../../contracts/sweep.js';
import { DomainError } from '../../../domain/domain-error.js';
import { counted } from '../../../domain/report/words/format-number.js';
import { planUnits } from '../../../domain/plan/units.js';
import { chooseUnits, type UnitSelection } from '../../../domain/plan/unit-selection.js';
import { pipeline, specificationOf } from '../../../steps/pipeline.js';
import { readSweepContent } from '../../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { liveClient, openSweep, refuseUnreachable, updateSweep } from '../../engine/live-sweep.js';
import { openPrivateProject } from '../../project.js';
import { recordAction } from '../../sweep/record-action.js';
import { selectionsOf, withUnitOptions, type UnitFlags } from '../../sweep/unit-options.js';
import { commandFor } from '../../terminal/command-for.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

interface ControlFlags extends UnitFlags {
  readonly reason?: string;
  readonly address?: string;
  readonly dataDir?: string;
  readonly store?: string;
  readonly json?: true;
}

interface Verb {
  readonly name: Exclude<keyof typeof updateNames, 'rerun'>;
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  /** What was done to the units, for whoever did it. */
  readonly done: (units: string) => string;
}

const pause: Verb = {
  name: 'pause',
  summary: 'hold a running sweep, or some of its units',
  description:
    'Holds a running sweep, or the units that are chosen: trainings save a checkpoint and stop, and nothing more of them ' +
    'starts until "volbias resume". The run stays open and waits. If it is interrupted, the next run is still paused.',
  example: '--filter model=unet',
  done: (units) => `Paused: ${units}. Running trainings save a checkpoint and stop.`,
};

const resume: Verb = {
  name: 'resume',
  summary: 'go on with what is paused',
  description:
    'Goes on with a paused sweep, or with the units that are chosen. Trainings go on from their checkpoints.',
  example: '--filter fold=0',
  done: (units) => `Going on: ${units}.`,
};

const cancel: Verb = {
  name: 'cancel',
  summary: 'do without some units of a running sweep, or without all that are not done',
  description:
    'Ends the units that are chosen, or all that have no result yet: trainings save a checkpoint and stop, and the units ' +
    'fail as Cancelled. The sweep goes on without them: what gathers results still runs, and marks the gaps. ' +
    '"volbias rerun" runs them after all.',
  example: '--unit brain-high/unet/sd/3 --reason "the wrong scanner"',
  done: (units) => `Cancelled: ${units}. Running trainings save a checkpoint and stop.`,
};

export function registerPauseCommand(program: Command): void {
  register(program, pause);
}

export function registerResumeCommand(program: Command): void {
  register(program, resume);
}

export function registerCancelCommand(program: Command): void {
  register(program, cancel);
}

function register(program: Command, verb: Verb): void {
  const command = program
    .command(verb.name)
    .summary(verb.summary)
    .description(verb.description)
    .argument('<sweep>', 'sweep id, as "volbias status" lists it');
  withUnitOptions(command)
    .option('--reason <text>', 'why, for the lineage')
    .option('--address <host:port>', 'address of the Temporal server')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  volbias ${verb.name} quickstart-0123456789 ${verb.example}`)
    .action((sweep: string, flags: ControlFlags) => tell(verb, sweep, flags));
}

async function tell(verb: Verb, id: string, flags: ControlFlags): Promise<void> {
  const { folder, store, lineage } = openPrivateProject(flags);
  const record = await readSweepRecord(folder, id);
  const live = await liveClient(folder, flags.address);
  try {
    const sweep = live && (await openSweep(live.client, record.id));
    if (live === undefined || sweep === undefined) {
      await refuseUnreachable(folder, record.id, live);
      const start = `start or resume it: ${commandFor('run', flags, record.configPath)}`;
      throw new DomainError(
        'ARGUMENT_INVALID',
        `${record.id} is not running, so there is nothing to ${verb.name}; ${start}`,
      );
    }
    const given = selectionsOf(flags);
    const selections = given.length === 0 ? [{}] : given;
    refuseUnknown(selections, specificationOf(await readSweepContent(store, record.specification)));
    await lineage.read();
    const concerned = await updateSweep(live.client, sweep, updateNames[verb.name], selections);
    const action = { action: verb.name, sweep: record.id, units: concerned, selections, reason: flags.reason };
    if (concerned.length > 0) await recordAction(lineage, action);
    if (flags.json === true) printJson({ sweep: record.id, units: concerned });
    else if (concerned.length === 0) print(`Nothing to ${verb.name}: all of these units have ended.`);
    else print(verb.done(namesOf(concerned)));
  } finally {
    await live?.close();
  }
}

/** ARGUMENT_INVALID if a selection chooses no unit. How many shards there are, the sweep alone knows. */
function refuseUnknown(selections: readonly UnitSelection[], { dataSets, repeats = 1, ...shape }: SweepSpecification) {
  const units = planUnits(pipeline, { ...shape, repeats, dataSets: dataSets.map((name) => ({ name, shards: 1 })) });
  chooseUnits(
    selections.map(({ shard: _, ...others }) => others),
    units,
  );
}

const mostNames = 8;

function namesOf(units: readonly string[]): string {
  if (units.length <= mostNames) return units.join(', ');
  return `${counted(units.length, 'unit')} (${units.slice(0, mostNames).join(', ')}, …)`;
}
