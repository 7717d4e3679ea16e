import type { DataChanges } from './data-changes.js';
import type { PairedNumber } from './paired-numbers.js';
import type { SettingChange } from './settings.js';

/** How a sweep differs from an earlier one. */
export interface SweepDifference {
  readonly before: string;
  readonly now: string;
  /** Settings of the config, and folds that it imports. */
  readonly config: readonly SettingChange[];
  /** Versions of steps, and the builds of volbias that did the work. */
  readonly code: readonly SettingChange[];
  /** Facts about the machines and TensorFlow. */
  readonly environment: readonly SettingChange[];
  /** Data sets whose cases differ. */
  readonly data: readonly (DataChanges & { readonly dataSet: string })[];
  /** Data sets in which cases that both have are held out with other cases. */
  readonly splits: readonly { readonly dataSet: string; readonly cases: readonly string[] }[];
  readonly numbers: readonly PairedNumber[];
}

/** How a unit's work and result differ between two sweeps. */
export interface UnitDifference {
  readonly unit: string;
  readonly before: string;
  readonly now: string;
  readonly keys: readonly [before: string, now: string];
  /** Version, settings, inputs, gaps, environment and build. */
  readonly differences: readonly SettingChange[];
  /** Files of the result, and its summary, with both digests where they differ. */
  readonly results: readonly SettingChange[];
}
