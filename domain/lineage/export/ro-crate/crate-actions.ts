import { canonicalJson } from '../../../plan/key.js';
import type { ExportedFailure, ExportedSweep, ExportedUnit } from '../exported-sweep.js';
import { nameOf, softwareUri, versionOf, workId } from '../identifiers.js';
import type { CrateFiles } from './crate-files.js';
import { toolOf, type CrateWorkflow } from './crate-workflow.js';
import { fragment, reference, references, type Entity } from './entities.js';

const completed = 'http://schema.org/CompletedActionStatus';
const failed = 'http://schema.org/FailedActionStatus';

/** What was done: the sweep, each unit, what organised them, and who is responsible. */
export interface CrateActions {
  readonly entities: readonly Entity[];
  /** The ids of the actions. */
  readonly actions: readonly string[];
}

export function crateActions(sweep: ExportedSweep, files: CrateFiles, workflow: CrateWorkflow): CrateActions {
  const { units, failures, startedAt, endedAt, id, name } = sweep;
  const agents = agentsOf(sweep);
  const agent = references(agents.map((one) => one['@id']));
  const does = new Map(sweep.steps.map((step) => [step.name, step.does]));
  const tools = new Map(units.map((unit) => [unit.step, toolOf(unit)]));
  const actionOf = (step: string, of: { readonly id: string; readonly name: string }): Entity => ({
    ...{ '@id': of.id, '@type': 'CreateAction', name: of.name, description: does.get(step) ?? step, agent },
    instrument: reference(tools.get(step) ?? ''),
  });
  const environment = new Map<string, Entity>();
  const done = units.map((unit): [string, Entity] => [
    unit.step,
    {
      ...actionOf(unit.step, { id: fragment('work', workId(unit)), name: nameOf(unit) }),
      ...{ instrument: reference(toolOf(unit)), actionStatus: completed },
      ...(unit.recordedAt !== null && { endTime: unit.recordedAt }),
      object: references([
        ...[...unit.inputs, ...unit.sources].map(({ sha256 }) => files.idOf(sha256)),
        ...workflow.valuesOf(unit),
      ]),
      result: references([unit, ...unit.files].map(({ sha256 }) => files.idOf(sha256))),
      environment: references(environmentOf(unit, environment)),
    },
  ]);
  // Of a step that has never succeeded there is no tool.
  const lost = failures
    .filter(({ step }) => tools.has(step))
    .map((failure): [string, Entity] => [
      failure.step,
      {
        ...actionOf(failure.step, { id: fragment('failure', failure.unit), name: failure.unit }),
        ...outcomeOf(failure),
      },
    ]);
  const controls = [...done, ...lost].map(([step, action]): Entity => ({
    ...{ '@id': `#control-${action['@id'].slice(1)}`, '@type': 'ControlAction', name: `${String(action.name)}: step` },
    ...{ instrument: reference(fragment('step', step)), object: reference(action['@id']) },
  }));
  const period = { ...(startedAt !== null && { startTime: startedAt }), ...(endedAt !== null && { endTime: endedAt }) };
  const run: Entity = {
    ...{ '@id': '#run', '@type': 'CreateAction', name: id, description: `The sweep ${id}: a run of ${name}` },
    ...{ agent, instrument: reference(workflow.pipeline), actionStatus: completed, ...period },
    object: references([
      workflow.config,
      ...units.flatMap(({ sources }) => sources.map(({ sha256 }) => files.idOf(sha256))),
    ]),
    result: references(files.report),
  };
  const organised: Entity = {
    ...{ '@id': '#organise', '@type': 'OrganizeAction', name: `volbias ran ${id}`, agent, ...period },
    ...{ instrument: reference(softwareUri(sweep)), result: reference('#run') },
    object: references(controls.map((control) => control['@id'])),
  };
  const actions = [organised, run, ...[...done, ...lost].map(([, action]) => action)];
  return {
    entities: [...actions, ...controls, ...agents, engineOf(sweep), ...environment.values()],
    actions: actions.map((action) => action['@id']),
  };
}

function outcomeOf({ kind, message, at }: ExportedFailure): object {
  return { actionStatus: failed, error: message ?? kind, ...(at !== null && { endTime: at }) };
}

/** Who has run the sweep: a person without a name where nobody is to be named. */
function agentsOf({ operators }: ExportedSweep): Entity[] {
  const names = operators.length === 0 ? ['operator (name withheld)'] : operators;
  return names.map((name, index) => ({ '@id': `#operator-${index + 1}`, '@type': 'Person', name }));
}

function engineOf(sweep: ExportedSweep): Entity {
  const { commit, sources, node } = sweep.software ?? {};
  return {
    ...{
      '@id': softwareUri(sweep),
      '@type': 'SoftwareApplication',
      name: 'volbias',
      softwareVersion: versionOf(sweep),
    },
    ...(commit !== undefined && { identifier: commit }),
    ...(sources !== undefined && { sha256: sources }),
    ...(node !== undefined && { softwareRequirements: `Node.js ${node}` }),
  };
}

/** The facts about a unit's machine and its TensorFlow; each value is one entity for all units that share it. */
function environmentOf({ environment }: ExportedUnit, known: Map<string, Entity>): string[] {
  const { process, ...machine } = environment;
  const { settings, ...own } = { settings: {}, ...(process as object | undefined) };
  return Object.entries({ ...machine, ...own, ...settings }).map(([name, fact]) => {
    const value = typeof fact === 'string' ? fact : canonicalJson(fact);
    const id = `${fragment('environment', name)}=${encodeURIComponent(value)}`;
    known.set(id, { '@id': id, '@type': 'PropertyValue', name, value });
    return id;
  });
}
