import type { UnitFailure, UnitsByStatus } from '../../contracts/sweep.js';
import type { HoldRule } from '../../domain/plan/holds.js';
import { isSelected, selectionsAround } from '../../domain/plan/unit-selection.js';

/** Failed units that run again, and the other failures of the run before, which stand. */
export interface Rerun {
  readonly units: readonly string[];
  readonly kept: readonly UnitFailure[];
  /** Of an interrupted sweep, nothing else runs. */
  readonly alone: boolean;
}

/** Holds all of a sweep but these units, and those of the same folds, which go on with their results. */
export function allBut(units: readonly string[]): HoldRule[] {
  return [{ selection: {}, held: true }, ...selectionsAround(units).map((selection) => ({ selection, held: false }))];
}

/** Whether these units, and those of the same folds, have a result or have failed. */
export function haveEnded(units: readonly string[], { waiting, held, running }: UnitsByStatus): boolean {
  const around = selectionsAround(units);
  return ![...waiting, ...held, ...running].some((unit) => isSelected(unit, around));
}
