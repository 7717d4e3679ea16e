import type { UnitCoordinates } from './units.js';

export interface NamedUnit {
  /** Undefined where the name leaves it open, as the short form of a training does. */
  readonly step: string | undefined;
  readonly coordinates: UnitCoordinates;
}

/**
 * What a unit's name means: its id, such as `evaluate dental/unet/sd/fold-3`, or the short form of one fold of an arm,
 * `dental/unet/sd/3`, with the repeat, if it is not the first, as a fifth part. Undefined if it is neither. Whether
 * there is such a unit, the plan knows.
 */
export function parseUnitName(name: string): NamedUnit | undefined {
  const [first = '', second, ...others] = name.trim().split(/\s+/);
  if (first === '' || others.length > 0) return undefined;
  const isPath = second !== undefined || first.includes('/');
  if (!isPath) return { step: first, coordinates: {} };
  const coordinates = parsePath((second ?? first).split('/'));
  return coordinates && { step: second === undefined ? undefined : first, coordinates };
}

/** Whether a unit is a training or an evaluation, which take nearly all of a sweep's time. */
export function isLong(unit: string): boolean {
  return parseUnitName(unit)?.coordinates.fold !== undefined;
}

function parsePath(parts: readonly string[]): UnitCoordinates | undefined {
  const [dataSet, model, loss, foldText, repeatText, ...others] = parts;
  if (dataSet === undefined || parts.includes('') || others.length > 0) return undefined;
  if (model === undefined) return { dataSet };
  const shard = numberIn(model, 'shard');
  if (loss === undefined) return /^shard-/.test(model) && shard !== undefined ? { dataSet, shard } : undefined;
  const fold = numberIn(foldText, 'fold');
  const repeat = numberIn(repeatText, 'repeat');
  if (fold === undefined || (repeatText !== undefined && repeat === undefined)) return undefined;
  return { dataSet, model, loss, fold, ...(repeat !== undefined && repeat > 0 && { repeat }) };
}

/** The number in `3` or, of a fold, in `fold-3`. */
function numberIn(text: string | undefined, what: string): number | undefined {
  const [, digits] = new RegExp(`^(?:${what}-)?(0|[1-9]\\d*)$`).exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}
