import { armMatrices, type ArmMatrix } from './arm-matrices.js';
import type { UnitCoordinates } from './units.js';

/**
 * What has become of a unit. `done`: computed for this sweep; `cached`: for another one; `resumable`: a checkpoint has a
 * part of it; `missing`: nothing has.
 */
export type TriageState = 'done' | 'cached' | 'running' | 'paused' | 'resumable' | 'failed' | 'missing';

export interface TriagedUnit {
  readonly unit: string;
  readonly step: string;
  readonly coordinates: UnitCoordinates;
  /** Of its work; null while an input is not known. */
  readonly key: string | null;
  readonly state: TriageState;
  /** The epoch, from 1, in which its training would go on. */
  readonly epoch?: number;
  /** The last epoch that its training can have. */
  readonly maxEpochs?: number;
  /** Why it has failed. */
  readonly kind?: string;
}

const isStored = ({ state }: TriagedUnit): boolean => state === 'done' || state === 'cached';

/** Arms by folds, of each data set. A cell tells of the first step that has no result yet. */
export function triageMatrices(units: readonly TriagedUnit[]): ArmMatrix<string>[] {
  return armMatrices(units, cellOf);
}

/** What there is to say of a unit, such as `failed (Diverged)`. */
export function triageWords({ state, epoch, maxEpochs, kind }: TriagedUnit): string {
  if (state === 'failed') return `failed (${kind ?? 'Unexpected'})`;
  const at = epoch === undefined ? '' : ` at epoch ${epoch}${maxEpochs === undefined ? '' : ` of ${maxEpochs}`}`;
  return state === 'resumable' || state === 'paused' ? `${state}${at}` : state;
}

/** The units outside the matrices of which there is more to say than that they are stored or wait for others. */
export function triageOfOthers(units: readonly TriagedUnit[]): readonly TriagedUnit[] {
  return units.filter((one) => one.coordinates.fold === undefined && !isStored(one) && one.state !== 'missing');
}

function cellOf(units: readonly TriagedUnit[], firstStep: string | undefined): string {
  const open = units.find((one) => !isStored(one));
  if (open === undefined) return units.every(({ state }) => state === 'cached') ? 'cached' : 'done';
  return open.step === firstStep ? triageWords(open) : `${open.step} ${triageWords(open)}`;
}
