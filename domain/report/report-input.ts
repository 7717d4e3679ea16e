import type { LockCheck } from '../lock/lock-check.js';
import type { Results } from '../results/results.js';
import type { GalleryDataSet } from './gallery/gallery.js';
import type { TrainingCurve } from './learning/training-curve.js';
import type { Origins } from './origins.js';
import type { MethodsConfig } from './words/methods-config.js';

/** A numeric environment, and the number of units of each step computed in it. */
export interface Machine {
  readonly made: readonly { readonly step: string; readonly units: number }[];
  /** Versions, devices, threads: everything that numbers depend on. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** How far a sweep is that is not finished, in trainings (arms × folds × repeats). */
export interface PartialCounts {
  readonly total: number;
  /** Those whose held-out cases are measured. */
  readonly evaluated: number;
  /** Those without results behind which there is a failure. */
  readonly failed: number;
}

/** The complete input of a report; each of its files is a pure function of it. */
export interface ReportInput {
  readonly title: string;
  readonly sweepId: string;
  readonly results: Results;
  readonly config: MethodsConfig;
  /** The machines that computed units, each with its units. */
  readonly machines: readonly Machine[];
  readonly origins: Origins;
  /** The trainings that ended, in the order of the plan. */
  readonly trainings: readonly TrainingCurve[];
  /** Pictures of cases, for each data set that has results. */
  readonly gallery: readonly GalleryDataSet[];
  /** Absent if the sweep was not locked. */
  readonly lock?: LockCheck;
  /** Only of a sweep that is not finished: nothing records such a report. */
  readonly partial?: PartialCounts;
  /** The command that computes the missing folds. */
  readonly rerunCommand?: string;
  /** What to change where running again cannot fill the gaps. */
  readonly remedies?: readonly string[];
}
