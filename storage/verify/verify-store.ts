import { existsSync, statSync } from 'node:fs';
import { relative } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { counted } from '../../domain/report/words/format-number.js';
import { sha256OfFileSync } from '../files/sha256.js';
import { digestPattern } from '../../contracts/patterns.js';
import { indexPath, objectPath, type DataFolder } from '../store/data-folder.js';
import { inspectLog, type LogInspection } from '../store/log-inspection.js';
import { listSweeps, readSweepRecord } from '../sweeps/sweep-records.js';
import { readSweepResult, resultFile } from '../sweeps/sweep-results.js';
import type { Finding } from './finding.js';
import { dependentsOf, ownershipOf, type Ownership } from './ownership.js';
import { keyOfRecord } from './record-key.js';
import { shardedFiles, readIndex, type IndexRecord } from './stored-artifacts.js';

/** A data folder, what its log says, and what its index and its objects belong to. */
export interface StoreView {
  readonly folder: DataFolder;
  readonly log: LogInspection;
  readonly index: readonly IndexRecord[];
  readonly ownership: Ownership;
}

export async function viewOf(folder: DataFolder): Promise<StoreView> {
  // The index first: beside a run, what comes into it later is then not taken for a record that the log lacks.
  const index = await readIndex(folder);
  const log = await inspectLog(folder.lineageLog);
  return { folder, log, index, ownership: await ownershipOf(folder, { records: log.records, index }) };
}

/** Damaged lines of the log, and records whose key does not follow from what they say. */
export function verifyLog({ folder, log }: StoreView): Finding[] {
  const path = relative(folder.root, folder.lineageLog);
  const nothing = { of: [], dependents: [], sweeps: [] };
  const damaged = log.damages.map(({ line, problem, record }): Finding => {
    const of = record === undefined ? [] : [wordsOfRecord(record)];
    return { ...nothing, about: 'log', path, line, problem, of, repairable: true };
  });
  const wrong = log.records.flatMap((record): Finding[] => {
    // Version 1 does not record gaps, which are part of some keys.
    if (record.kind !== 'artifact' || record.version === 1 || keyOfRecord(record.spec) === record.spec.key) return [];
    const problem = 'its key is not the digest of what it records';
    return [{ ...nothing, about: 'record', path, problem, of: [record.spec.unit], repairable: false }];
  });
  return [...damaged, ...wrong];
}

function wordsOfRecord(record: LogInspection['records'][number]): string {
  const { spec } = record;
  const what = 'unit' in spec ? spec.unit : 'sweep' in spec ? (spec.sweep ?? '') : '';
  return `${record.kind} ${what}`.trim();
}

/** Damaged index records, those that no record of the log explains, and damaged records of sweeps. */
export async function verifyRecords({ folder, index, ownership }: StoreView): Promise<Finding[]> {
  const found: Finding[] = [];
  const add = (about: Finding['about'], path: string, facts: Pick<Finding, 'problem'> & Partial<Finding>): void => {
    const nothing = { of: [], dependents: [], sweeps: [], repairable: true };
    found.push({ ...nothing, about, path: relative(folder.root, path), ...facts });
  };
  for (const { path, ref, problem } of index) {
    if (ref === undefined) add('index', path, { problem: problem ?? '' });
    else if (ownership.works.get(ref.digest)?.some(({ key }) => key === ref.key) !== true) {
      const { units, sweeps } = await dependentsOf(folder, ownership, [ref.digest]);
      add('index', path, { problem: unexplained, of: [ref.step], dependents: units, sweeps });
    }
  }
  // A run beside this may have written them meanwhile.
  const lost = ownership.unindexed.filter(({ key }) => !existsSync(indexPath(folder, key)));
  if (lost.length > 0) {
    const problem = `it lacks ${counted(lost.length, 'recorded result')}; to write it again: volbias verify --rebuild-index`;
    add('index', folder.index, { problem, of: lost.map(({ unit }) => unit).slice(0, mostNamed), repairable: false });
  }
  for (const id of await listSweeps(folder)) {
    await readSweepRecord(folder, id).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
      add('sweep', `${folder.sweeps}/${id}/sweep.json`, { problem: error.message, sweeps: [id], repairable: false });
    });
    const problem = await problemOfResult(folder, ownership, id);
    if (problem !== undefined) add('sweep', resultFile(folder, id), { problem, sweeps: [id] });
  }
  return found;
}

/** What is wrong with the record of a sweep's result: it is damaged, or its report is none. */
async function problemOfResult(folder: DataFolder, { works }: Ownership, id: string): Promise<string | undefined> {
  try {
    const report = (await readSweepResult(folder, id))?.report ?? null;
    if (report === null || !existsSync(indexPath(folder, report.key))) return undefined;
    const recorded = works.get(report.digest)?.some(({ key, step }) => key === report.key && step === report.step);
    return recorded === true
      ? undefined
      : `it names a report that no record of the lineage describes; run the config again`;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

/** Units that are named where a part of the index is missing. */
const mostNamed = 6;

const unexplained = 'no record of the lineage says how this result was computed';

export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/**
 * Objects whose bytes do not match their digest, and missing ones that something refers to. `only`: these objects alone.
 * Holds one chunk of one object at a time.
 */
export async function verifyObjects(
  { folder, index, ownership }: StoreView,
  only: ReadonlySet<string> | undefined,
  onProgress: (progress: Progress) => void,
): Promise<{ readonly findings: Finding[]; readonly objects: number; readonly bytes: number }> {
  const present = (await shardedFiles(folder.objects)).filter(({ name }) => digestPattern.test(name));
  const chosen = only === undefined ? present : present.filter(({ name }) => only.has(name));
  const sized = chosen.map(({ name, path }) => ({ name, path, size: statSync(path).size }));
  const totalBytes = sized.reduce((sum, { size }) => sum + size, 0);
  let doneBytes = 0;
  const problems = new Map<string, string>();
  for (const { name, path, size } of sized) {
    const found = digestOrProblem(path);
    if (found !== name) problems.set(name, found);
    doneBytes += size;
    onProgress({ doneBytes, totalBytes });
  }
  const there = new Set(present.map(({ name }) => name));
  for (const digest of only ?? ownership.owners.keys()) if (!there.has(digest)) problems.set(digest, 'it is missing');
  const findings: Finding[] = [];
  for (const [digest, problem] of problems) {
    const owners = ownership.owners.get(digest) ?? [];
    const artifacts = owners.flatMap(({ artifact }) => artifact ?? []);
    const indexRecords = index
      .filter(({ ref }) => ref !== undefined && artifacts.includes(ref.digest))
      .map(({ path }) => relative(folder.root, path));
    const { units, sweeps } = await dependentsOf(folder, ownership, artifacts);
    const needing = new Set([...sweeps, ...owners.flatMap(({ sweep }) => sweep ?? [])]);
    findings.push({
      ...{ about: 'object', path: relative(folder.root, objectPath(folder, digest)) },
      problem: digestPattern.test(problem) ? 'its bytes do not match its SHA-256' : problem,
      of: owners.map(({ name }) => name),
      ...{ dependents: units, sweeps: [...needing].sort(), indexRecords },
      repairable: there.has(digest) || indexRecords.length > 0,
    });
  }
  return { findings, objects: chosen.length, bytes: totalBytes };
}

/** The digest of a file, or why it cannot be read. */
function digestOrProblem(path: string): string {
  try {
    return sha256OfFileSync(path);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
