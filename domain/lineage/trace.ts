import type { EvaluationGrid } from '../evaluate/evaluation-row.js';
import type { VolumeUnit } from '../evaluate/voxel-size.js';
import type { Machine } from '../report/report-input.js';
import type { MeasureName } from './traced-measure.js';

/** Where something that a sweep shows comes from, down to the files of its data sets. */
export interface Trace {
  readonly what: string;
  readonly sweep: string;
  /** null for what is no number: a file, a unit or a case's row; and for a metric that none of the cases has. */
  readonly value: number | null;
  /** The unit of a volume or its error; null for other values. */
  readonly measuredIn: VolumeUnit | null;
  /** The grid that the value is measured on; null for files and units. */
  readonly grid: EvaluationGrid | null;
  /** A case's row: all its values. */
  readonly values?: Readonly<Record<MeasureName, number | null>>;
  /** The unit of the pipeline whose result contains it. */
  readonly unit: string;
  readonly key: string;
  /** Of this unit's result. */
  readonly digest: string;
  /** The cases whose mean the value is; empty for files and units. */
  readonly cases: readonly TracedCase[];
  /** The work behind it: each unit before those that it needs. */
  readonly inputs: readonly TracedWork[];
  /** The files of the data sets behind it. */
  readonly files: readonly TracedFile[];
  /** The machines that did the work, and their TensorFlow. */
  readonly environment: readonly Machine[];
  /** What happened on the way, oldest first: runs, failures, resumptions, interventions, repairs. */
  readonly actions: readonly TracedEvent[];
}

export interface TracedCase {
  readonly case: string;
  readonly participant: string;
  /** Its mean over the repeats; null in a row, and where the case has no such number. */
  readonly value: number | null;
  /** Its predictions: one for each repeat. */
  readonly predictions: readonly {
    readonly unit: string;
    readonly fold: number;
    readonly repeat: number;
    /** The probabilities, a file of the unit's result. */
    readonly file: string;
    readonly sha256: string;
  }[];
}

/** A unit of the pipeline that has done its work, or the preparation of one case. */
export interface TracedWork {
  readonly unit: string;
  readonly step: string;
  /** Of the step. */
  readonly version: number;
  readonly key: string;
  readonly digest: string;
  /** Set for the preparation of one case. */
  readonly case?: string;
  /** Every setting that it reads; absent for a case, whose shard has them. */
  readonly parameters?: unknown;
  readonly inputs: readonly { readonly unit: string; readonly digest: string }[];
  /** Files of its result. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** What its result says in a few words, such as the chosen epoch. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly failures: number;
  readonly resumptions: number;
  readonly environment: Readonly<Record<string, unknown>>;
  /** When its result was recorded, for which sweep, and by which build; null in records of version 1. */
  readonly at: string | null;
  readonly sweep: string | null;
  readonly software: Readonly<Record<string, string>> | null;
}

export interface TracedFile {
  /** Where the sweep looks for it. */
  readonly path: string;
  readonly sha256: string;
  readonly dataSet: string;
  readonly case: string;
  /** A modality's name, or `label`. */
  readonly role: string;
}

export type TracedEvent = Readonly<Record<string, unknown>> & { readonly at: string; readonly kind: string };
