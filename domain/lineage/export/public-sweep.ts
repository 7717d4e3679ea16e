import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

import type { ReportedRow } from '../../evaluate/evaluation-row.js';
import { casesCsv } from '../../report/csv/cases-csv.js';
import type { ExportedCase, ExportedFile, ExportedSource, ExportedSweep, ExportedUnit } from './exported-sweep.js';
import { placesOfDataSet } from '../../lock/lock.js';
import type { Pseudonyms } from './pseudonyms.js';

/** Files of the report that name no case, no place, no key and nobody. */
const publicReportFiles: readonly string[] = [
  'significance.csv',
  'table1.csv',
  'table1.md',
  'table1.tex',
  'table1.txt',
];

/** Settings that say where something is. */
const settingsOfPlaces: readonly string[] = ['$schema', ...placesOfDataSet, 'file'];

/**
 * A sweep as others may see it: cases and participants by their pseudonyms, and without places, messages and operators.
 * Nor does an order, a number or a time tell which case comes first by its id, nor a key or a digest of a result confirm
 * a guess. The names of the config, its data sets and modalities stay. So do the digests of the data sets' files: whoever
 * has a file can recognise it.
 */
export function publicSweep(sweep: ExportedSweep, pseudonyms: Pseudonyms): ExportedSweep {
  const rows = sweep.rows
    .map((row) => ({
      ...row,
      caseId: pseudonyms.ofCase(row.dataSet, row.caseId),
      participant: pseudonyms.ofParticipant(row.dataSet, row.participant),
    }))
    .sort((a, b) => compare(placeOf(a), placeOf(b)));
  const repeats = 1 + rows.reduce((most, { repeat = 0 }) => Math.max(most, repeat), 0);
  const contents = [
    { name: 'cases.csv', bytes: utf8ToBytes(casesCsv(rows, repeats)) },
    ...sweep.report.contents.filter(({ name }) => publicReportFiles.includes(name)),
  ];
  const units = sweep.units.map((unit) => publicUnit(unit, pseudonyms));
  return {
    ...sweep,
    config: withoutPlaces(sweep.config),
    units: [
      ...withTimesOfLast(byCase(units.filter((unit) => unit.case !== undefined))),
      ...units.filter((unit) => unit.case === undefined),
    ],
    failures: sweep.failures.map((failure) => ({ ...failure, message: null })),
    rows,
    specification: pseudonyms.ofDigest(sweep.specification),
    report: {
      recorded: contents.map(({ name, bytes }) => ({ name, sha256: bytesToHex(sha256(bytes)) })),
      contents,
    },
    operators: [],
  };
}

function publicUnit(unit: ExportedUnit, pseudonyms: Pseudonyms): ExportedUnit {
  const hidden = <T extends { readonly case?: ExportedCase }>(one: T): T =>
    one.case === undefined
      ? one
      : { ...one, case: { ...one.case, id: pseudonyms.ofCase(one.case.dataSet, one.case.id) } };
  const stored = <T extends { readonly sha256: string }>(one: T): T => ({
    ...one,
    sha256: pseudonyms.ofDigest(one.sha256),
  });
  return {
    ...stored(hidden(unit)),
    key: pseudonyms.ofDigest(unit.key),
    parameters: publicSettings(unit.parameters, pseudonyms),
    inputs: byCase(unit.inputs.map((input) => stored(hidden(input)))),
    sources: byCase(unit.sources.map((source): ExportedSource => ({ ...hidden(source), path: null }))),
    files: byCase(
      unit.files.map((file): ExportedFile =>
        file.case === undefined ? stored(file) : { ...stored(hidden(file)), name: withoutNumber(file.name) },
      ),
    ),
  };
}

/** Cases are prepared one after the other by their ids, so each has the times of the last one of its data set. */
function withTimesOfLast(prepared: readonly ExportedUnit[]): ExportedUnit[] {
  const times = new Map<string | undefined, Pick<ExportedUnit, 'readyAt' | 'recordedAt'>>();
  for (const { case: own, readyAt, recordedAt } of prepared) {
    const known = times.get(own?.dataSet) ?? { readyAt, recordedAt };
    times.set(own?.dataSet, {
      readyAt: later(known.readyAt, readyAt),
      recordedAt: later(known.recordedAt, recordedAt),
    });
  }
  return prepared.map((unit) => ({ ...unit, ...times.get(unit.case?.dataSet) }));
}

function later(one: string | null, other: string | null): string | null {
  return other !== null && (one === null || other > one) ? other : one;
}

/** The number of a fold's probability map is the place of its case among the ids. */
function withoutNumber(name: string): string {
  return name.replace(/-\d+(?=\.)/, '');
}

/** In the order of pseudonyms; what belongs to no case stays before. */
function byCase<T extends { readonly case?: ExportedCase }>(items: readonly T[]): T[] {
  const nameOf = (item: T): string => (item.case === undefined ? '' : `${item.case.dataSet} ${item.case.id}`);
  return items.toSorted((a, b) => compare(nameOf(a), nameOf(b)));
}

function placeOf({ dataSet, model, loss, fold, repeat = 0, caseId }: ReportedRow): string {
  return [dataSet, model, loss, ...[fold, repeat].map((part) => String(part).padStart(9, '0')), caseId].join(' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Settings without places; folds that the config imports have pseudonyms. */
function publicSettings(parameters: unknown, pseudonyms: Pseudonyms): unknown {
  const kept = withoutPlaces(parameters);
  if (!isRecord(kept)) return kept;
  const { importedFolds: folds, dataSet } = kept;
  if (!Array.isArray(folds) || typeof dataSet !== 'string') return kept;
  const importedFolds = folds.map((ids) =>
    Array.isArray(ids) ? ids.map((id) => pseudonyms.ofCase(dataSet, String(id))).sort() : [],
  );
  return { ...kept, importedFolds };
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !settingsOfPlaces.includes(name));
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutPlaces(item)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
