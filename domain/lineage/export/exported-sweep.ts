import type { ReportedRow } from '../../evaluate/evaluation-row.js';
import type { HistoryRow } from '../../training/training-progress.js';
import type { ArmMeans } from './arm-means.js';

/**
 * All that an export says of a sweep. It is read from the log and the store, so the same sweep gives the same export.
 * Times are ISO 8601, UTC; null where version 0.1 wrote the log, which recorded none.
 */
export interface ExportedSweep {
  readonly id: string;
  /** The config's name. */
  readonly name: string;
  /** Digest of the sweep's content. */
  readonly specification: string;
  readonly config: unknown;
  /** The steps of the pipeline that have units, each after those that it needs. */
  readonly steps: readonly ExportedStep[];
  /** The work behind the report: the preparations of single cases, then each unit after those that it needs. */
  readonly units: readonly ExportedUnit[];
  /** Units that have failed and have no result. */
  readonly failures: readonly ExportedFailure[];
  readonly report: ExportedReport;
  /** The rows that Table 1 was computed from, and their means. */
  readonly rows: readonly ReportedRow[];
  readonly means: readonly ArmMeans[];
  /** When the first run of the sweep was started, and when its report was recorded. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Who has run it; empty where nobody is to be named. */
  readonly operators: readonly string[];
  /** The build that wrote the report; null in logs of version 0.1. */
  readonly software: Readonly<Record<string, string>> | null;
  /** SHA-256 of the report's line in the log: `volbias verify --head` proves that a log continues it. */
  readonly logHead: string;
}

export interface ExportedStep {
  readonly name: string;
  readonly does: string;
  readonly needs: readonly string[];
}

export interface ExportedCase {
  readonly dataSet: string;
  readonly id: string;
}

/** A unit of the pipeline that has done its work, or the preparation of one case. */
export interface ExportedUnit {
  readonly unit: string;
  /** Set for the preparation of one case. */
  readonly case?: ExportedCase;
  readonly step: string;
  /** Of the step. */
  readonly version: number;
  readonly key: string;
  /** Of its result's manifest. */
  readonly sha256: string;
  readonly parameters: unknown;
  readonly inputs: readonly ExportedInput[];
  /** The files of the data sets that it reads. */
  readonly sources: readonly ExportedSource[];
  readonly files: readonly ExportedFile[];
  /** What its result says in a few words, such as the chosen epoch. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly environment: Readonly<Record<string, unknown>>;
  /**
   * From when on it could have begun: its inputs were there, and a run had been started. The log does not record when
   * work begins.
   */
  readonly readyAt: string | null;
  readonly recordedAt: string | null;
  /** The epochs of a training. */
  readonly epochs: readonly HistoryRow[];
}

/** A result that a unit was computed from. */
export interface ExportedInput {
  readonly unit: string;
  readonly case?: ExportedCase;
  readonly sha256: string;
}

/** A file of a data set. */
export interface ExportedSource {
  readonly case: ExportedCase;
  /** A modality's name, or `label`. */
  readonly role: string;
  readonly sha256: string;
  /** Where the sweep looks for it; null where places are not to be named. */
  readonly path: string | null;
}

/** A file of a unit's result. */
export interface ExportedFile {
  readonly name: string;
  readonly sha256: string;
  /** The case that it is a prediction of. */
  readonly case?: ExportedCase;
}

export interface ExportedFailure {
  readonly unit: string;
  readonly step: string;
  readonly kind: string;
  /** null where it is not to be shown, because messages name cases and places. */
  readonly message: string | null;
  readonly at: string | null;
}

export interface ExportedReport {
  /** Every file of the report, as it was recorded. */
  readonly recorded: readonly ExportedFile[];
  /** The files that the export contains. */
  readonly contents: readonly ReportContent[];
}

export interface ReportContent {
  readonly name: string;
  readonly bytes: Uint8Array;
}
