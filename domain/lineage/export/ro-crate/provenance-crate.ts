import type { ExportFiles } from '../export-formats.js';
import type { ExportedSweep } from '../exported-sweep.js';
import { unknownTime } from '../identifiers.js';
import { crateActions } from './crate-actions.js';
import { crateFiles } from './crate-files.js';
import { crateWorkflow } from './crate-workflow.js';
import { reference, references, type Entity } from './entities.js';

const terms = 'https://w3id.org/ro/terms/workflow-run#';

/** RO-Crate's context, with the terms of Workflow Run RO-Crate that it lacks. */
const context = [
  'https://w3id.org/ro/crate/1.1/context',
  { sha256: `${terms}sha256`, environment: `${terms}environment` },
];

const profiles: readonly (readonly [id: string, name: string, version: string])[] = [
  ['https://w3id.org/ro/wfrun/process/0.5', 'Process Run Crate', '0.5'],
  ['https://w3id.org/ro/wfrun/workflow/0.5', 'Workflow Run Crate', '0.5'],
  ['https://w3id.org/ro/wfrun/provenance/0.5', 'Provenance Run Crate', '0.5'],
  ['https://w3id.org/workflowhub/workflow-ro-crate/1.0', 'Workflow RO-Crate', '1.0'],
];

/**
 * A sweep as an RO-Crate of the profile Provenance Run Crate 0.5: the report, the pipeline and the config, and what was
 * done to get from the files of the data sets to the report. Other files are named by their SHA-256 and not contained.
 */
export function provenanceCrate(sweep: ExportedSweep): ExportFiles {
  const files = crateFiles(sweep);
  const workflow = crateWorkflow(sweep);
  const { entities, actions } = crateActions(sweep, files, workflow);
  const hasPart = [workflow.pipeline, workflow.config, ...files.entities.map((file) => file['@id'])];
  const { id, name, endedAt, specification, logHead } = sweep;
  const descriptor: Entity = {
    ...{ '@id': 'ro-crate-metadata.json', '@type': 'CreativeWork', about: reference('./') },
    conformsTo: references(['https://w3id.org/ro/crate/1.1', 'https://w3id.org/workflowhub/workflow-ro-crate/1.0']),
  };
  const root: Entity = {
    ...{ '@id': './', '@type': 'Dataset', name: `${name}: does the loss bias the volume? (${id})` },
    description: `The report of the sweep ${id} of volbias, and the provenance of its numbers (specification ${specification}, lineage log up to ${logHead})`,
    datePublished: endedAt ?? unknownTime,
    license: reference('#licence'),
    conformsTo: references(profiles.map(([profile]) => profile)),
    mainEntity: reference(workflow.pipeline),
    hasPart: references(hasPart),
    mentions: references(actions),
  };
  const licence: Entity = {
    ...{ '@id': '#licence', '@type': 'CreativeWork', name: 'No licence is stated' },
    description: 'Whoever owns the data decides how this may be used: ask whoever made this crate.',
  };
  const profileEntities = profiles.map(([profile, title, version]): Entity => ({
    '@id': profile,
    '@type': 'CreativeWork',
    name: title,
    version,
  }));
  const graph = [descriptor, root, licence, ...profileEntities, ...workflow.entities, ...files.entities, ...entities];
  return new Map<string, string | Uint8Array>([
    ['ro-crate-metadata.json', `${JSON.stringify({ '@context': context, '@graph': graph }, null, 1)}\n`],
    ...workflow.contents,
    ...sweep.report.contents.map((content) => [`report/${content.name}`, content.bytes] as const),
  ]);
}
