import { canonicalJson } from '../../plan/key.js';
import type { ExportedSweep, ExportedUnit } from './exported-sweep.js';
import { nameOf, nameOfSource, pseudonymUri, softwareUri, versionOf, workId } from './identifiers.js';
import { isPseudonym } from './pseudonyms.js';

type Attributes = Readonly<Record<string, unknown>>;

const prefix = {
  volbias: 'urn:volbias:terms:',
  software: 'urn:volbias:',
  sha256: 'hash://sha256/',
  pseudonym: pseudonymUri,
  work: 'urn:volbias:work:',
};

/**
 * A sweep as PROV-JSON (W3C member submission): entities are bytes by their SHA-256, activities the units of work, agents
 * the software and those who ran it. A result is a collection that has its files as members.
 */
export function provJson(sweep: ExportedSweep): string {
  const { units, operators } = sweep;
  const agent = softwareUri(sweep).replace(prefix.software, 'software:');
  const people = operators.map((name, index) => ({ id: `software:operator-${index + 1}`, name }));
  const results = units.flatMap(({ sha256, files }) => files.map((file) => [sha256, file.sha256] as const));
  return `${canonicalJson({
    prefix,
    entity: entitiesOf(sweep),
    activity: Object.fromEntries(units.map((unit) => [activityOf(unit), activity(unit)])),
    agent: Object.fromEntries([
      [
        agent,
        { 'prov:type': named('prov:SoftwareAgent'), 'prov:label': `volbias ${versionOf(sweep)}`, ...software(sweep) },
      ],
      ...people.map(({ id, name }) => [id, { 'prov:type': named('prov:Person'), 'prov:label': name }] as const),
    ]),
    used: numbered(
      units.flatMap((unit) =>
        [...unit.inputs, ...unit.sources].map(({ sha256 }) => ({
          'prov:activity': activityOf(unit),
          'prov:entity': entity(sha256),
        })),
      ),
    ),
    wasGeneratedBy: numbered(
      units.map((unit) => ({
        'prov:entity': entity(unit.sha256),
        'prov:activity': activityOf(unit),
        ...time('prov:time', unit),
      })),
    ),
    hadMember: numbered(
      results.map(([result, file]) => ({ 'prov:collection': entity(result), 'prov:entity': entity(file) })),
    ),
    wasAssociatedWith: numbered(units.map((unit) => ({ 'prov:activity': activityOf(unit), 'prov:agent': agent }))),
    actedOnBehalfOf: numbered(people.map(({ id }) => ({ 'prov:delegate': agent, 'prov:responsible': id }))),
  })}\n`;
}

/** Relations by names of their own. Equal ones count once. */
function numbered(relations: readonly Attributes[]): Attributes {
  const different = new Map(relations.map((relation) => [canonicalJson(relation), relation]));
  return Object.fromEntries([...different.values()].map((relation, index) => [`_:r${index + 1}`, relation]));
}

function activity(unit: ExportedUnit): Attributes {
  const { step, version, key, parameters, environment, facts } = unit;
  return {
    'prov:type': named(`volbias:${step}`),
    'prov:label': nameOf(unit),
    ...time('prov:endTime', unit),
    'volbias:key': key,
    'volbias:stepVersion': version,
    'volbias:parameters': canonicalJson(parameters ?? {}),
    'volbias:environment': canonicalJson(environment),
    ...(Object.keys(facts).length > 0 && { 'volbias:facts': canonicalJson(facts) }),
  };
}

/** Bytes may be several things at once, so they have all their labels. */
function entitiesOf({ units, report }: ExportedSweep): Attributes {
  const found = new Map<string, { readonly labels: Set<string>; readonly more: Record<string, unknown> }>();
  const note = (sha256: string, label: string, more: Attributes = {}): void => {
    const known = found.get(sha256) ?? { labels: new Set(), more: {} };
    found.set(sha256, known);
    known.labels.add(label);
    Object.assign(known.more, more);
  };
  for (const unit of units) {
    const name = nameOf(unit);
    note(unit.sha256, `result of ${name}`, { 'prov:type': named('prov:Collection') });
    for (const input of unit.inputs) note(input.sha256, `result of ${nameOf(input)}`);
    for (const source of unit.sources) {
      note(source.sha256, nameOfSource(source), source.path === null ? {} : { 'prov:location': source.path });
    }
    for (const file of unit.files) {
      const of = file.case === undefined ? '' : ` (${file.case.id})`;
      note(file.sha256, `${file.name} of ${name}${of}`);
    }
  }
  for (const file of report.recorded) note(file.sha256, `report/${file.name}`);
  const entities = [...found].map(([sha256, { labels, more }]) => [
    entity(sha256),
    {
      'prov:label': [...labels].sort(),
      [isPseudonym(sha256) ? 'volbias:hmacSha256' : 'volbias:sha256']: sha256,
      ...more,
    },
  ]);
  return Object.fromEntries(entities) as Attributes;
}

function software({ software: build, id, specification, logHead }: ExportedSweep): Attributes {
  const facts = Object.entries(build ?? {}).map(([name, value]) => [`volbias:${name}`, value] as const);
  return {
    ...Object.fromEntries(facts),
    'volbias:sweep': id,
    'volbias:specification': specification,
    'volbias:logHead': logHead,
  };
}

function time(name: string, { recordedAt }: ExportedUnit): Attributes {
  return recordedAt === null ? {} : { [name]: recordedAt };
}

function named(name: string): Attributes {
  return { $: name, type: 'prov:QUALIFIED_NAME' };
}

const entity = (digest: string): string => `${isPseudonym(digest) ? 'pseudonym' : 'sha256'}:${digest}`;
const activityOf = (unit: ExportedUnit): string => `work:${workId(unit)}`;
