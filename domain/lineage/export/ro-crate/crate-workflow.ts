import { canonicalJson } from '../../../plan/key.js';
import { settingsOf } from '../../settings.js';
import type { ExportedSweep, ExportedUnit } from '../exported-sweep.js';
import { versionOf } from '../identifiers.js';
import { madeFile } from './crate-files.js';
import { fragment, reference, references, type Entity } from './entities.js';

const bioschemas = 'https://bioschemas.org/profiles';

/** The workflow of a sweep: the pipeline, its steps with the tools that do them, and the parameters of each. */
export interface CrateWorkflow {
  readonly entities: readonly Entity[];
  readonly pipeline: string;
  readonly config: string;
  /** The content of the files that describe it, by their path. */
  readonly contents: ReadonlyMap<string, string>;
  /** The ids of the values of a unit's settings. */
  valuesOf(unit: ExportedUnit): readonly string[];
}

export function crateWorkflow(sweep: ExportedSweep): CrateWorkflow {
  const { steps, units, config, name } = sweep;
  const pipeline = 'pipeline.json';
  const contents = new Map([
    [pipeline, `${canonicalJson({ steps })}\n`],
    ['config.json', `${canonicalJson(config)}\n`],
  ]);
  const parameters = new Map<string, Entity>([
    ['#config', parameter('#config', { name: 'config', type: 'File' })],
    ['#sources', parameter('#sources', { name: 'files of the data sets', type: 'File' })],
    ['#report', parameter('#report', { name: 'report', type: 'File' })],
  ]);
  const values = new Map<string, Entity>();
  const inputs = new Map<string, Set<string>>();
  const valuesOf = (unit: ExportedUnit): string[] =>
    settingsOf(unit.parameters).map((setting) => {
      const value = typeof setting.value === 'string' ? setting.value : canonicalJson(setting.value);
      const of = fragment(unit.step, setting.name);
      const id = `${of}=${encodeURIComponent(value)}`;
      parameters.set(of, parameter(of, { name: setting.name, type: 'Text' }));
      inputs.set(unit.step, (inputs.get(unit.step) ?? new Set()).add(of));
      values.set(id, { '@id': id, '@type': 'PropertyValue', name: setting.name, value, exampleOfWork: reference(of) });
      return id;
    });
  const ids = new Map(units.map((unit) => [unit, valuesOf(unit)]));
  const tools = new Map(units.map((unit) => [toolOf(unit), unit]));
  for (const { name: step } of steps) {
    const id = fragment(step, 'result');
    parameters.set(id, parameter(id, { name: `result of ${step}`, type: 'File' }));
  }
  const workflow: Entity = {
    ...madeFile(pipeline, `The pipeline of ${name}`, contents.get(pipeline) ?? ''),
    '@type': ['File', 'SoftwareSourceCode', 'ComputationalWorkflow', 'HowTo'],
    conformsTo: reference(`${bioschemas}/ComputationalWorkflow/1.0-RELEASE`),
    programmingLanguage: reference('#language'),
    version: versionOf(sweep),
    input: references(['#config', '#sources']),
    output: references(['#report']),
    step: references(steps.map((step) => fragment('step', step.name))),
    hasPart: references(tools.keys()),
  };
  return {
    ...{ pipeline, config: 'config.json', contents },
    valuesOf: (unit) => ids.get(unit) ?? [],
    entities: [
      workflow,
      {
        ...madeFile('config.json', 'The config of the sweep', contents.get('config.json') ?? ''),
        exampleOfWork: reference('#config'),
      },
      { '@id': '#language', '@type': 'ComputerLanguage', name: 'steps of volbias, as JSON' },
      ...steps.map(({ name: step, does }, position) => ({
        ...{ '@id': fragment('step', step), '@type': 'HowToStep', name: step, description: does },
        position: String(position),
        workExample: references([...tools].filter(([, unit]) => unit.step === step).map(([tool]) => tool)),
      })),
      ...[...tools].map(([tool, { step, version }]) => ({
        ...{
          '@id': tool,
          '@type': 'SoftwareApplication',
          name: `${step} of volbias`,
          softwareVersion: String(version),
        },
        input: references(inputs.get(step) ?? []),
        output: references([fragment(step, 'result')]),
      })),
      ...parameters.values(),
      ...values.values(),
    ],
  };
}

/** The tool that has done the unit's work: its step, in its version. */
export function toolOf({ step, version }: Pick<ExportedUnit, 'step' | 'version'>): string {
  return `urn:volbias:step:${step}:${version}`;
}

function parameter(id: string, { name, type }: { readonly name: string; readonly type: string }): Entity {
  return {
    ...{ '@id': id, '@type': 'FormalParameter', name, additionalType: type },
    conformsTo: reference(`${bioschemas}/FormalParameter/1.0-RELEASE`),
  };
}
