import { grouped } from './grouped.js';
import type { UnitCoordinates } from './units.js';

/** A unit and where it lies in the sweep. */
export interface PlacedUnit {
  readonly step: string;
  readonly coordinates: UnitCoordinates;
}

/** One arm of a data set, or one repeat of it: a cell for each fold. */
export interface ArmRow<Cell> {
  readonly arm: string;
  readonly cells: readonly Cell[];
}

/** Arms by folds, of one data set. */
export interface ArmMatrix<Cell> {
  readonly dataSet: string;
  readonly folds: readonly number[];
  readonly rows: readonly ArmRow<Cell>[];
}

/**
 * A table of arms by folds for each data set, in the order of the units; those without a fold are left out. `cellOf` makes a cell of
 * the units of an arm's fold, and is told the first step that folds have.
 */
export function armMatrices<Unit extends PlacedUnit, Cell>(
  units: readonly Unit[],
  cellOf: (units: readonly Unit[], firstStep: string | undefined) => Cell,
): ArmMatrix<Cell>[] {
  const ofArms = units.filter(({ coordinates }) => coordinates.fold !== undefined);
  const firstStep = ofArms[0]?.step;
  return [...grouped(ofArms, ({ coordinates }) => coordinates.dataSet ?? '')].map(([dataSet, ofDataSet]) => {
    const folds = [...new Set(ofDataSet.map(({ coordinates }) => coordinates.fold ?? 0))].sort((a, b) => a - b);
    const rows = [...grouped(ofDataSet, armOf)].map(([arm, ofArm]) => {
      const byFold = grouped(ofArm, ({ coordinates }) => coordinates.fold);
      return { arm, cells: folds.map((fold) => cellOf(byFold.get(fold) ?? [], firstStep)) };
    });
    return { dataSet, folds, rows };
  });
}

/** The name of a unit's arm, such as `unet/sd`; a repeat other than the first is named, too. */
function armOf({ coordinates: { model, loss, repeat } }: PlacedUnit): string {
  return `${model ?? ''}/${loss ?? ''}${repeat === undefined ? '' : ` repeat ${repeat}`}`;
}
