import { canonicalJson } from '../../plan/key.js';
import { settingsOf } from '../settings.js';
import type { ExportedFailure, ExportedSweep, ExportedUnit } from './exported-sweep.js';
import {
  nameOf,
  nameOfSource,
  shortDigest,
  softwareUri,
  sweepRunId,
  unknownTime,
  uuidOf,
  versionOf,
  workId,
} from './identifiers.js';

const schema = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

/** Jobs and data sets of all sweeps share it. */
const namespace = 'volbias';

interface Run {
  readonly id: string;
  /** Of the job. */
  readonly name: string;
  readonly jobType: 'DAG' | 'TASK';
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly facets: Readonly<Record<string, object>>;
  readonly inputs: readonly object[];
  readonly outputs: readonly object[];
  readonly failed?: true;
}

/**
 * A sweep as OpenLineage events, one a line: START and COMPLETE, or FAIL, of each unit, within those of the sweep, which is
 * their parent run. A data set's version is the SHA-256 of its bytes.
 */
export function openLineageEvents(sweep: ExportedSweep): string {
  const facet = facetMaker(softwareUri(sweep));
  const [started, ended] = eventsOf(sweepRun(sweep, facet), softwareUri(sweep), facet);
  const runs = [
    ...sweep.units.map((unit) => unitRun(sweep, unit, facet)),
    ...sweep.failures.map((failure) => failedRun(sweep, failure, facet)),
  ];
  const events = [started, ...runs.flatMap((run) => eventsOf(run, softwareUri(sweep), facet)), ended];
  return events.map((event) => `${canonicalJson(event)}\n`).join('');
}

/** A facet: each names the schema that it has. */
type Facet = (schemaName: string, content: object) => object;

function facetMaker(producer: string): Facet {
  return (name, content) => ({ _producer: producer, _schemaURL: `https://openlineage.io/spec/${name}`, ...content });
}

function eventsOf(run: Run, producer: string, facet: Facet): [object, object] {
  const { id, name, jobType, startedAt, endedAt, facets, inputs, outputs, failed } = run;
  const type = { processingType: 'BATCH', integration: 'VOLBIAS', jobType };
  const event = {
    run: { runId: id, facets },
    job: {
      ...{ namespace, name },
      facets: { jobType: facet('facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet', type) },
    },
    inputs,
    ...{ producer, schemaURL: schema },
  };
  return [
    { ...event, eventType: 'START', eventTime: startedAt ?? unknownTime, outputs: [] },
    { ...event, eventType: failed === true ? 'FAIL' : 'COMPLETE', eventTime: endedAt ?? unknownTime, outputs },
  ];
}

function sweepRun(sweep: ExportedSweep, facet: Facet): Run {
  const { name, startedAt, endedAt, units, report, id, specification, logHead } = sweep;
  const sources = new Map(units.flatMap((unit) => unit.sources).map((source) => [nameOfSource(source), source.sha256]));
  return {
    ...{ id: uuidOf(sweepRunId(sweep)), name, jobType: 'DAG' },
    ...{ startedAt: startedAt ?? endedAt, endedAt },
    facets: { ...engine(sweep, facet), volbias_sweep: own(facet, { id, specification, logHead }) },
    inputs: [...sources].map(([source, sha256]) => dataSet(source, sha256, facet)),
    outputs: report.recorded.map((file) => dataSet(`${name}/report/${file.name}`, file.sha256, facet)),
  };
}

function unitRun(sweep: ExportedSweep, unit: ExportedUnit, facet: Facet): Run {
  const { step, version, key, readyAt, recordedAt, environment, facts, parameters } = unit;
  const settings = settingsOf(parameters).map(({ name, value }) => ({
    key: name,
    value: typeof value === 'string' ? value : canonicalJson(value),
  }));
  return {
    ...{ id: uuidOf(workId(unit)), name: jobName(sweep, nameOf(unit)), jobType: 'TASK' },
    ...{ startedAt: readyAt, endedAt: recordedAt },
    facets: {
      ...parent(sweep, facet),
      ...engine(sweep, facet),
      executionParameters: facet('facets/1-0-0/ExecutionParametersRunFacet.json#/$defs/ExecutionParametersRunFacet', {
        parameters: settings,
      }),
      volbias_work: own(facet, { step, stepVersion: version, key, environment, facts }),
    },
    inputs: [
      ...unit.sources.map((source) => dataSet(nameOfSource(source), source.sha256, facet)),
      ...unit.inputs.map((input) => dataSet(jobName(sweep, nameOf(input)), input.sha256, facet)),
    ],
    outputs: [dataSet(jobName(sweep, nameOf(unit)), unit.sha256, facet)],
  };
}

function failedRun(sweep: ExportedSweep, { unit, kind, message, at }: ExportedFailure, facet: Facet): Run {
  const words = { message: message ?? kind, programmingLanguage: 'TypeScript' };
  return {
    ...{ id: uuidOf(shortDigest({ sweep: sweep.id, failed: unit })), name: jobName(sweep, unit), jobType: 'TASK' },
    ...{ startedAt: at, endedAt: at, inputs: [], outputs: [], failed: true },
    facets: {
      ...parent(sweep, facet),
      ...engine(sweep, facet),
      errorMessage: facet('facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet', words),
    },
  };
}

function parent(sweep: ExportedSweep, facet: Facet): Readonly<Record<string, object>> {
  const of = { run: { runId: uuidOf(sweepRunId(sweep)) }, job: { namespace, name: sweep.name } };
  return { parent: facet('facets/1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet', of) };
}

function engine(sweep: ExportedSweep, facet: Facet): Readonly<Record<string, object>> {
  const words = { name: 'volbias', version: versionOf(sweep) };
  return {
    processing_engine: facet('facets/1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet', words),
  };
}

/** A facet of our own, of which the standard knows only the form that all have. */
function own(facet: Facet, content: object): object {
  return facet('2-0-2/OpenLineage.json#/$defs/RunFacet', content);
}

function dataSet(name: string, sha256: string, facet: Facet): object {
  const content = { datasetVersion: sha256 };
  const form = 'facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet';
  return { namespace, name, facets: { version: facet(form, content) } };
}

function jobName({ name }: ExportedSweep, unit: string): string {
  return `${name}/${unit}`;
}
