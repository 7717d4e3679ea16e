import { DomainError } from '../domain-error.js';
import { parseUnitName } from './unit-name.js';
import type { PlannedUnit, UnitCoordinates } from './units.js';

/** Chooses the units that have these values, whatever the others are; `{}` chooses every unit. */
export interface UnitSelection extends UnitCoordinates {
  readonly step?: string;
}

type Located = Pick<PlannedUnit, 'step' | 'coordinates'>;

const axes = ['step', 'dataSet', 'shard', 'model', 'loss', 'fold', 'repeat'] as const;
const wholeNumbers: readonly string[] = ['shard', 'fold', 'repeat'] satisfies (keyof UnitSelection)[];

export function selects(selection: UnitSelection, unit: Located): boolean {
  return axes.every((axis) => selection[axis] === undefined || selection[axis] === valueOn(axis, unit));
}

/** Whether any of the selections chooses the unit with this id. */
export function isSelected(unit: string, selections: readonly UnitSelection[]): boolean {
  const { step = '', coordinates = {} } = parseUnitName(unit) ?? {};
  return selections.some((selection) => selects(selection, { step, coordinates }));
}

/** The unit with this name; the short form of a training also chooses its evaluation. Undefined if it names no unit. */
export function selectionNamed(name: string): UnitSelection | undefined {
  const { step, coordinates } = parseUnitName(name) ?? {};
  if (coordinates === undefined) return undefined;
  // A name without a repeat is that of the first one; a filter without a repeat means all.
  const repeat = coordinates.fold === undefined ? {} : { repeat: coordinates.repeat ?? 0 };
  return { ...coordinates, ...repeat, ...(step !== undefined && { step }) };
}

/** What goes on if these units do: of a fold of an arm, all its steps; of other units, they themselves. */
export function selectionsAround(units: readonly string[]): UnitSelection[] {
  const selections = units.flatMap((unit) => selectionNamed(unit) ?? []);
  const around = selections.map(({ step, ...others }) =>
    others.fold === undefined && step !== undefined ? { step, ...others } : others,
  );
  return [...new Map(around.map((one) => [JSON.stringify(one), one])).values()];
}

/** What `model=unet,fold=3` chooses. ARGUMENT_INVALID for an unknown name, or a value that it cannot have. */
export function parseFilter(text: string): UnitSelection {
  const entries = text.split(',').map((part) => {
    const [key = '', value = '', ...others] = part.split('=').map((word) => word.trim());
    const isNumber = wholeNumbers.includes(key);
    if (!axes.some((axis) => axis === key) || others.length > 0 || value === '') {
      const expected = `expected ${axes.map((axis) => `${axis}=…`).join(', ')}, separated by commas`;
      throw new DomainError('ARGUMENT_INVALID', `--filter has "${part.trim()}", ${expected}`);
    }
    if (isNumber && !/^(0|[1-9]\d*)$/.test(value)) {
      throw new DomainError('ARGUMENT_INVALID', `--filter has ${key}=${value}, expected a whole number`);
    }
    return [key, isNumber ? Number(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * The units that any of the selections chooses, in their order. ARGUMENT_INVALID if one of them chooses none: it says
 * which value no unit has, and which values there are.
 */
export function chooseUnits<Unit extends Located>(
  selections: readonly UnitSelection[],
  units: readonly Unit[],
): readonly Unit[] {
  for (const selection of selections) {
    if (!units.some((unit) => selects(selection, unit))) throw noSuchUnit(selection, units);
  }
  return units.filter((unit) => selections.some((selection) => selects(selection, unit)));
}

function noSuchUnit(selection: UnitSelection, units: readonly Located[]): DomainError {
  const asked = axes.flatMap((axis) => (selection[axis] === undefined ? [] : [`${axis} ${String(selection[axis])}`]));
  const [unknown] = axes.flatMap((axis) => {
    const values = [...new Set(units.flatMap((unit) => valueOn(axis, unit) ?? []))];
    return selection[axis] === undefined || values.includes(selection[axis]) ? [] : [`${axis} is ${list(values)}`];
  });
  const why = unknown ?? 'no unit has all of these';
  return new DomainError('ARGUMENT_INVALID', `the sweep has no unit of ${asked.join(', ')}; ${why}`);
}

function list(values: readonly (string | number)[]): string {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length > 1) return `from ${Math.min(...numbers)} to ${Math.max(...numbers)}`;
  return values.length === 0 ? 'no part of any unit' : `one of ${values.join(', ')}`;
}

/** Undefined on an axis that the unit's step does not fan out over; the first repeat is 0. */
function valueOn(axis: (typeof axes)[number], { step, coordinates }: Located): string | number | undefined {
  if (axis === 'step') return step;
  if (axis === 'repeat' && coordinates.fold !== undefined) return coordinates.repeat ?? 0;
  return coordinates[axis];
}
