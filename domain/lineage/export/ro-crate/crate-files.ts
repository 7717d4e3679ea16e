import { sha256 as sha256Of } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

import type { ExportedSweep, ReportContent } from '../exported-sweep.js';
import { contentUri, nameOf, nameOfSource } from '../identifiers.js';
import { isPseudonym } from '../pseudonyms.js';
import { fragment, reference, type Entity } from './entities.js';

const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gz: 'application/gzip',
  html: 'text/html',
  json: 'application/json',
  md: 'text/markdown',
  txt: 'text/plain',
};

/** The files that a crate contains of the report, and those behind it, which it knows by their SHA-256 only. */
export interface CrateFiles {
  readonly entities: readonly Entity[];
  /** The ids of the report's files within the crate. */
  readonly report: readonly string[];
  /** The id of the entity with these bytes. */
  idOf(sha256: string): string;
}

export function crateFiles({ units, report }: ExportedSweep): CrateFiles {
  const within = report.contents.map((content) => reportFile(content, report.recorded));
  const pathOf = new Map(within.map((file) => [file.sha256 ?? '', file['@id']]));
  const idOf = (sha256: string): string => pathOf.get(sha256) ?? contentUri(sha256);
  const entities = new Map<string, Entity>(within.map((file) => [file['@id'], file]));
  const add = (file: Described, more: object = {}): void => {
    const id = idOf(file.sha256);
    if (!entities.has(id)) entities.set(id, { ...fileEntity(id, file), ...more });
  };
  for (const unit of units) {
    const exampleOfWork = reference(fragment(unit.step, 'result'));
    add({ name: `result of ${nameOf(unit)}`, type: 'json', sha256: unit.sha256 }, { exampleOfWork });
    for (const source of unit.sources) {
      const place = source.path === null ? {} : { alternateName: source.path };
      add({ name: nameOfSource(source), sha256: source.sha256 }, { ...place, exampleOfWork: reference('#sources') });
    }
    for (const { name, sha256, case: own } of unit.files) {
      const of = own === undefined ? '' : `, case ${own.id}`;
      add({ name: `${name} of ${nameOf(unit)}${of}`, type: endingOf(name), sha256 });
    }
  }
  for (const { name, sha256 } of report.recorded) add({ name: `report/${name}`, type: endingOf(name), sha256 });
  return { entities: [...entities.values()], report: within.map((file) => file['@id']), idOf };
}

/** A file that the export itself makes. */
export function madeFile(path: string, name: string, text: string): Entity {
  const bytes = utf8ToBytes(text);
  const file = { name, type: endingOf(path), sha256: bytesToHex(sha256Of(bytes)) };
  return { ...fileEntity(path, file), contentSize: String(bytes.length) };
}

function reportFile({ name, bytes }: ReportContent, recorded: ExportedSweep['report']['recorded']): FileEntity {
  const sha256 = bytesToHex(sha256Of(bytes));
  const original = recorded.find((file) => file.name === name)?.sha256;
  return {
    ...fileEntity(`report/${name}`, { name, type: endingOf(name), sha256 }),
    contentSize: String(bytes.length),
    exampleOfWork: reference('#report'),
    // With pseudonyms, its bytes differ from those that were recorded.
    ...(original !== undefined && original !== sha256 && { isBasedOn: reference(contentUri(original)) }),
  };
}

interface Described {
  readonly name: string;
  readonly sha256: string;
  /** The ending of a file's name, as far as one is known. */
  readonly type?: string;
}

type FileEntity = Entity & { readonly sha256?: string };

function fileEntity(id: string, { name, sha256, type = '' }: Described): FileEntity {
  const digest = isPseudonym(sha256) ? { identifier: sha256 } : { sha256 };
  return {
    '@id': id,
    '@type': 'File',
    name,
    ...digest,
    encodingFormat: mediaTypes[type] ?? 'application/octet-stream',
  };
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
