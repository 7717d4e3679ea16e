import { z } from 'zod';

import { faultOf, jsonOf } from '../files/parsed.js';
import { digestPattern } from '../../contracts/patterns.js';
import { recordedWork } from './work-records.js';

const digest = z.string().regex(digestPattern);
/** Line 0 stands for a log that has lost all records, and then for the last of those. */
const line = z.strictObject({ line: z.int().nonnegative(), sha256: digest });

/** Which program wrote a record. */
const software = z.strictObject({
  /** Of volbias. */
  version: z.string(),
  node: z.string(),
  /** Digest of all sources that this build was compiled from; absent if set-up did not build it. */
  sources: z.string().exactOptional(),
  /** The commit that was checked out when it was built; ends with -dirty if files differed from it. */
  commit: z.string().exactOptional(),
});

export type Software = Readonly<z.infer<typeof software>>;

const envelope = { version: z.literal(2), at: z.iso.datetime(), software, previous: digest };

const record = <K extends string, S extends z.ZodType>(kind: K, spec: S) =>
  z.strictObject({ ...envelope, kind: z.literal(kind), spec });

/** Which units somebody meant; an empty one means all. */
const selection = z.strictObject({
  step: z.string().exactOptional(),
  dataSet: z.string().exactOptional(),
  shard: z.int().exactOptional(),
  model: z.string().exactOptional(),
  loss: z.string().exactOptional(),
  fold: z.int().exactOptional(),
  repeat: z.int().exactOptional(),
});

const unit = { sweep: z.string(), unit: z.string(), key: digest };

/** What happened to sweeps and their work. A bundle brings these to another log. */
const eventRecords = [
  /** A unit's result, or a prepared case. */
  record('artifact', recordedWork),
  /** Somebody has started or resumed a sweep. */
  record(
    'runStarted',
    z.strictObject({
      sweep: z.string(),
      /** Digest of the sweep's content, which is an object of the store. */
      specification: digest,
      command: z.enum(['run', 'rerun']),
      operator: z.string(),
    }),
  ),
  record(
    'runEnded',
    z.strictObject({
      sweep: z.string(),
      /** `stopped`: interrupted, or ended by an error; the same command resumes the sweep. */
      outcome: z.enum(['complete', 'partial', 'failed', 'stopped']),
      report: digest.nullable(),
    }),
  ),
  /** A unit's work has failed. The words are an object of the store, because they may name cases. */
  record(
    'failure',
    z.strictObject({
      ...unit,
      kind: z.string(),
      /** Failures of the unit so far, in this run of its workflow. */
      count: z.int().positive(),
      words: digest.nullable(),
      environment: z.record(z.string(), z.string()),
    }),
  ),
  /** A training goes on from its checkpoint: in this epoch, after so many of its batches. */
  record(
    'resumption',
    z.strictObject({ unit: z.string(), key: digest, epoch: z.int().positive(), batches: z.int().nonnegative() }),
  ),
  /** Somebody has intervened, and why, if they said so. */
  record(
    'action',
    z.strictObject({
      action: z.string(),
      sweep: z.string().nullable(),
      units: z.array(z.string()),
      /** Of units that were paused, resumed or cancelled: how they were chosen. */
      selections: z.array(selection).exactOptional(),
      reason: z.string().exactOptional(),
      /** Of what it is about, such as a lock. */
      digest: digest.exactOptional(),
      operator: z.string(),
      /** Of a rerun: whether trainings go on from their checkpoints. */
      mode: z.enum(['resume', 'restart']).exactOptional(),
    }),
  ),
] as const;

/** What happened to the log itself. */
const logRecords = [
  /** The end of the log was not as the last append had left it. */
  record(
    'damage',
    z.discriminatedUnion('problem', [
      /** An incomplete last line, as a crash leaves it. It lies in the quarantine. */
      z.strictObject({ problem: z.literal('incompleteLine'), bytes: z.int(), sha256: digest, file: z.string() }),
      /** The last record that was written is not in the log: records at its end were lost or altered. */
      z.strictObject({ problem: z.literal('lostEnd'), lost: digest }),
      /** Nothing said which record was written last. */
      z.strictObject({ problem: z.literal('lostHead') }),
    ]),
  ),
  /** Two processes have appended at once: a line that the next one does not name belongs to the chain. */
  record('confirmation', z.strictObject({ line: digest })),
  /** Damage that an operator has acknowledged: these lines no longer count. */
  record('repair', z.strictObject({ lines: z.array(line), operator: z.string() })),
] as const;

/** What version 0.1 wrote. */
const firstRecord = z.strictObject({
  version: z.literal(1),
  kind: z.literal('artifact'),
  spec: recordedWork,
  previous: digest,
});

/** A record of another log as it was there, without the line before. */
const importedRecord = z.union([
  z.discriminatedUnion('kind', [
    eventRecords[0].omit({ previous: true }),
    eventRecords[1].omit({ previous: true }),
    eventRecords[2].omit({ previous: true }),
    eventRecords[3].omit({ previous: true }),
    eventRecords[4].omit({ previous: true }),
    eventRecords[5].omit({ previous: true }),
  ]),
  firstRecord.omit({ previous: true }),
]);

export type ImportedRecord = Readonly<z.infer<typeof importedRecord>>;

const records = z.discriminatedUnion('kind', [
  ...eventRecords,
  ...logRecords,
  /** A line of another log, which a bundle has brought; that log's head proves it. */
  record('imported', z.strictObject({ head: digest, line: digest, record: importedRecord })),
]);

const newest = 2;
const anyRecord = z.looseObject({ version: z.int() });

/** One line of the log. `previous` is the SHA-256 of the line before, so every alteration of a line is detected. */
export type LogRecord = Readonly<z.infer<typeof records> | z.infer<typeof firstRecord>>;

/** What a line says: of an imported one, what it said in its own log. */
export type LineageRecord = Exclude<LogRecord, { readonly kind: 'imported' }>;

export type RecordKind = LogRecord['kind'];

export type RecordSpec<K extends RecordKind> = Extract<LogRecord, { readonly kind: K }>['spec'];

export function contentOfLine(record: LogRecord): LineageRecord {
  if (record.kind !== 'imported') return record;
  return { ...record.spec.record, previous: record.previous };
}

/** Whether a record may be brought to another log: it says nothing of the log itself. */
export function isImportable(record: LineageRecord): boolean {
  return !['damage', 'confirmation', 'repair'].includes(record.kind);
}

/** The record that a line contains, or what is wrong with it. */
export function parseRecord(text: string): LogRecord | { readonly fault: string } {
  const value = jsonOf(text);
  const { success, data } = anyRecord.safeParse(value);
  if (!success) return { fault: 'it is not a record' };
  if (data.version > newest) return { fault: 'a newer version of volbias has written it' };
  const parsed = (data.version === 1 ? firstRecord : records).safeParse(value);
  return parsed.success ? parsed.data : { fault: faultOf(parsed.error) };
}
