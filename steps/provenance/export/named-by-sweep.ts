import { stepOfUnit } from '../../../domain/plan/units.js';
import type { DatedWork } from '../recorded.js';

/**
 * The works behind a report with the names that their units have in its sweep. If another sweep has done a work, its
 * record has the name of that sweep's data set; the report names its own.
 */
export function namedBySweep(made: readonly DatedWork[], root: DatedWork | undefined): DatedWork[] {
  const nameOf = new Map(root?.inputs.map(({ unit, digest }) => [`${stepOfUnit(unit)} ${digest}`, unit]));
  const named = (unit: string, digest: string): string => nameOf.get(`${stepOfUnit(unit)} ${digest}`) ?? unit;
  return made.map((work) => ({
    ...work,
    unit: named(work.unit, work.digest),
    inputs: work.inputs.map((input) => ({ ...input, unit: named(input.unit, input.digest) })),
  }));
}
