import { digestOfJson, keyOfWork } from '../../domain/plan/key.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { unitId } from '../../domain/plan/units.js';
import type { RecordedWork } from '../store/work-records.js';

/**
 * The key of a piece of work, computed from what is recorded of it: step, version, parameters, inputs and gaps. A record
 * whose own key differs does not say what the work was.
 */
export function keyOfRecord({ step, version, parameters, unit, inputs, gaps = [] }: RecordedWork): string {
  // A prepared case is no unit of the plan, and has no coordinates.
  const coordinates = parseUnitName(unit)?.coordinates ?? {};
  const placed = inputs.map(({ unit: input, digest }) => [placeOf(input, coordinates.dataSet), digest] as const);
  const content = { parameters: digestOfJson(parameters), inputs: Object.fromEntries(placed), gaps };
  return keyOfWork({ step, version, coordinates, ...content });
}

/** An input's place in the key, as domain/plan/sweep-state.ts names it: without the data set, if the unit has one. */
function placeOf(input: string, dataSet: string | undefined): string {
  const named = parseUnitName(input);
  if (named?.step === undefined || dataSet === undefined) return input;
  const { dataSet: _, ...coordinates } = named.coordinates;
  return unitId(named.step, coordinates);
}
