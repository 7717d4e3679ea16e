import { utf8ToBytes } from '@noble/hashes/utils';

import { casesCsv } from '../../report/csv/cases-csv.js';
import type { ExportedCase, ExportedFile, ExportedSource, ExportedSweep, ExportedUnit } from './exported-sweep.js';
import type { Pseudonyms } from './pseudonyms.js';

/** Files of the report that name no case, no place and nobody. */
const publicReportFiles: readonly string[] = ['table1.csv', 'table1.md', 'table1.txt'];

/** Settings that say where something is. */
const settingsOfPlaces: readonly string[] = ['$schema', 'path', 'participants', 'file'];

/**
 * A sweep as others may see it: cases and participants by their pseudonyms, and without places, messages and operators.
 * The names of the config, its data sets and modalities stay. So do digests: whoever has a file can recognise it.
 */
export function publicSweep(sweep: ExportedSweep, pseudonyms: Pseudonyms): ExportedSweep {
  const hidden = (own: ExportedCase): ExportedCase => ({ ...own, id: pseudonyms.ofCase(own.dataSet, own.id) });
  const rows = sweep.rows.map((row) => ({
    ...row,
    caseId: pseudonyms.ofCase(row.dataSet, row.caseId),
    participant: pseudonyms.ofParticipant(row.dataSet, row.participant),
  }));
  const repeats = 1 + Math.max(0, ...rows.map(({ repeat = 0 }) => repeat));
  const { recorded, contents } = sweep.report;
  return {
    ...sweep,
    config: withoutPlaces(sweep.config),
    units: sweep.units.map((unit) => publicUnit(unit, hidden, pseudonyms)),
    failures: sweep.failures.map((failure) => ({ ...failure, message: null })),
    rows,
    report: {
      recorded,
      contents: [
        { name: 'cases.csv', bytes: utf8ToBytes(casesCsv(rows, repeats)) },
        ...contents.filter(({ name }) => publicReportFiles.includes(name)),
      ],
    },
    operators: [],
  };
}

function publicUnit(
  unit: ExportedUnit,
  hidden: (own: ExportedCase) => ExportedCase,
  pseudonyms: Pseudonyms,
): ExportedUnit {
  const ofCase = <T extends { readonly case?: ExportedCase }>(one: T): T =>
    one.case === undefined ? one : { ...one, case: hidden(one.case) };
  return {
    ...ofCase(unit),
    parameters: publicSettings(unit.parameters, pseudonyms),
    inputs: unit.inputs.map(ofCase),
    sources: unit.sources.map((source): ExportedSource => ({ ...ofCase(source), path: null })),
    files: unit.files.map((file): ExportedFile => ofCase(file)),
  };
}

/** Settings without places; folds that the config imports have pseudonyms. */
function publicSettings(parameters: unknown, pseudonyms: Pseudonyms): unknown {
  const kept = withoutPlaces(parameters);
  if (!isRecord(kept)) return kept;
  const { importedFolds: folds, dataSet } = kept;
  if (!Array.isArray(folds) || typeof dataSet !== 'string') return kept;
  const importedFolds = folds.map((ids) =>
    Array.isArray(ids) ? ids.map((id) => pseudonyms.ofCase(dataSet, String(id))) : [],
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
