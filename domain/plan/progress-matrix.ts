import type { UnitsByStatus } from '../../contracts/sweep.js';
import { armMatrices, type ArmMatrix, type PlacedUnit } from './arm-matrices.js';
import type { UnitStatus } from './sweep-state.js';
import type { TriagedUnit, TriageState } from './triage.js';
import type { PlannedUnit } from './units.js';

/**
 * How a unit of a running or ended sweep stands. `open`: it may run, or waits for a free worker; `resumable`: of a sweep that is not
 * running, a checkpoint has a part of it; `blocked`: a unit that it needs has failed.
 */
export type CellState = 'waiting' | 'paused' | 'open' | 'done' | 'cached' | 'failed' | 'blocked' | 'resumable';

/** A part of a unit's work: of a training, the epoch that it is in and the last one that it can have. */
export interface DonePart {
  readonly done: number;
  readonly total: number;
}

export interface WatchedUnit extends PlacedUnit {
  readonly state: CellState;
  readonly part?: DonePart | undefined;
  /** Why it has failed. */
  readonly kind?: string | undefined;
}

/** A fold of an arm: a few characters that need no colour, and the same in words. */
export interface ProgressCell {
  readonly state: CellState;
  readonly mark: string;
  readonly words: string;
}

const marks: Readonly<Record<CellState, string>> = {
  ...{ waiting: '·', paused: '‖', open: '▸', done: '✓', cached: '✓', failed: '✗', blocked: '–', resumable: '·' },
};

/** What is known of a running sweep besides the statuses of its units. */
export interface KnownParts {
  /** By unit, as far as anything tells. */
  readonly parts: ReadonlyMap<string, DonePart>;
  readonly failures: readonly { readonly unit: string; readonly kind: string }[];
}

/** The planned units as the sweep's workflow has them; all wait where it has not said yet. */
export function unitsByStatus(
  planned: readonly PlannedUnit[],
  statuses: UnitsByStatus | undefined,
  { parts, failures }: KnownParts,
): WatchedUnit[] {
  const states = new Map<string, CellState>();
  for (const [status, state] of Object.entries(stateOfStatus)) {
    for (const unit of statuses?.[status as UnitStatus] ?? []) states.set(unit, state); // boundary: keys of the record below
  }
  const kinds = new Map(failures.map(({ unit, kind }) => [unit, kind]));
  // A failure is told before the statuses are.
  return planned.map(({ id, step, coordinates }) => {
    const kind = kinds.get(id);
    const state = kind === undefined ? (states.get(id) ?? 'waiting') : 'failed';
    return { step, coordinates, state, part: parts.get(id), kind };
  });
}

const stateOfStatus: Readonly<Record<UnitStatus, CellState>> = {
  ...{ waiting: 'waiting', held: 'paused', running: 'open', cached: 'cached', done: 'done' },
  ...{ failed: 'failed', blocked: 'blocked' },
};

/** The units as a sweep that is not running has left them. */
export function unitsByTriage(units: readonly TriagedUnit[]): WatchedUnit[] {
  return units.map(({ step, coordinates, state, epoch, maxEpochs, kind }) => ({
    ...{ step, coordinates, kind, state: stateOfTriage[state] },
    ...(epoch !== undefined && maxEpochs !== undefined && { part: { done: epoch, total: maxEpochs } }),
  }));
}

const stateOfTriage: Readonly<Record<TriageState, CellState>> = {
  ...{ done: 'done', cached: 'cached', running: 'open', paused: 'paused', resumable: 'resumable' },
  ...{ failed: 'failed', missing: 'waiting' },
};

/** Arms by folds, of each data set. A cell tells of the first step that has no result yet. */
export function progressMatrices(units: readonly WatchedUnit[]): ArmMatrix<ProgressCell>[] {
  return armMatrices(units, (ofFold, firstStep) => {
    const unit = ofFold.find(({ state }) => state !== 'done' && state !== 'cached');
    if (unit !== undefined) return cellOf(unit, unit.step === firstStep);
    const state = ofFold.every((one) => one.state === 'cached') ? 'cached' : 'done';
    return { state, mark: marks[state], words: state };
  });
}

function cellOf({ step, state, part, kind }: WatchedUnit, isFirst: boolean): ProgressCell {
  const of = isFirst ? '' : `${step} `;
  const shown = (state === 'open' || state === 'resumable') && part !== undefined && part.total > 0 ? part : undefined;
  const mark = shown === undefined ? marks[state] : isFirst ? `${shown.done}/${shown.total}` : percent(shown);
  if (state === 'failed') return { state, mark, words: `${of}failed (${kind ?? 'Unexpected'})` };
  if (part === undefined || part.total === 0) return { state, mark, words: `${of}${state}` };
  const at = isFirst ? `epoch ${part.done} of ${part.total}` : percent(part);
  if (state === 'open') return { state, mark, words: `${of}${at}` };
  return {
    state,
    mark,
    words: state === 'paused' || state === 'resumable' ? `${of}${state} at ${at}` : `${of}${state}`,
  };
}

const percent = ({ done, total }: DonePart): string => `${Math.floor((100 * done) / total)} %`;
