import type { FailureKind } from '../../contracts/failures.js';
import type { FanOut, StepDeclaration } from '../../contracts/step-declaration.js';
import type { UnitFailure } from '../../contracts/sweep.js';

/** A unit's coordinates in the sweep; the step's fan-out determines which ones are set. */
export interface UnitCoordinates {
  readonly dataSet?: string;
  readonly shard?: number;
  readonly model?: string;
  readonly loss?: string;
  readonly fold?: number;
  /** Which training of the arm on the fold; absent for the first, whose ids and keys are those without repeats. */
  readonly repeat?: number;
}

/** One piece of work: a step at given coordinates, and the ids of the units it needs. */
export interface PlannedUnit {
  readonly id: string;
  readonly step: string;
  readonly coordinates: UnitCoordinates;
  readonly needs: readonly string[];
}

/** The dimensions that determine the size of the graph. */
export interface SweepShape {
  readonly models: readonly string[];
  readonly losses: readonly string[];
  readonly folds: number;
  /** Trainings of each arm on each fold; 1 unless said otherwise. */
  readonly repeats?: number;
  readonly dataSets: readonly { readonly name: string; readonly shards: number }[];
}

/** Cases per preprocessing unit: few enough for a short retry, many enough for a short history. */
export const casesPerShard = 16;

export function shardCount(caseCount: number): number {
  return Math.ceil(caseCount / casesPerShard);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function coordinatesOf(fanOut: FanOut, shape: SweepShape): UnitCoordinates[] {
  switch (fanOut) {
    case 'sweep':
      return [{}];
    case 'dataSet':
      return shape.dataSets.map(({ name }) => ({ dataSet: name }));
    case 'shard':
      return shape.dataSets.flatMap(({ name, shards }) => range(shards).map((shard) => ({ dataSet: name, shard })));
    case 'armFold':
      return shape.dataSets.flatMap(({ name }) =>
        shape.models.flatMap((model) =>
          shape.losses.flatMap((loss) =>
            range(shape.folds).flatMap((fold) =>
              range(shape.repeats ?? 1).map((repeat) => ({
                dataSet: name,
                model,
                loss,
                ...trainingPlace(fold, repeat),
              })),
            ),
          ),
        ),
      );
  }
}

/** The coordinates of a training within its arm. */
export function trainingPlace(fold: number, repeat: number): { readonly fold: number; readonly repeat?: number } {
  return repeat === 0 ? { fold } : { fold, repeat };
}

/** A unit's id, such as `train dental/unet/sd/fold-3` or `train dental/unet/sd/fold-3/repeat-1`: unique within a sweep and the same in every run of it. */
export function unitId(step: string, coordinates: UnitCoordinates): string {
  const { dataSet, shard, model, loss, fold, repeat } = coordinates;
  const parts = [dataSet, model, loss, shard === undefined ? undefined : `shard-${String(shard)}`];
  parts.push(fold === undefined ? undefined : `fold-${String(fold)}`);
  parts.push(repeat === undefined ? undefined : `repeat-${String(repeat)}`);
  const path = parts.filter((part) => part !== undefined).join('/');
  return path === '' ? step : `${step} ${path}`;
}

/** The step of a unit, from its id. */
export function stepOfUnit(id: string): string {
  return id.split(' ')[0] ?? '';
}

/**
 * The name under which the digest of a unit's settings is stored: steps that fan out over arms have settings per arm.
 */
export function parameterName(step: string, { model, loss }: UnitCoordinates): string {
  return model === undefined || loss === undefined ? step : `${step} ${model}/${loss}`;
}

function agree(a: UnitCoordinates, b: UnitCoordinates): boolean {
  const axes = (['dataSet', 'shard', 'model', 'loss', 'fold'] as const).every(
    (axis) => a[axis] === undefined || b[axis] === undefined || a[axis] === b[axis],
  );
  // Units of a fold without a repeat are of the first one.
  return axes && (a.fold === undefined || b.fold === undefined || a.repeat === b.repeat);
}

/**
 * Every unit of a sweep, in topological order.
 *
 * Steps are listed after the steps they need, so one pass over them gives a topological order. A unit needs those
 * units of the needed steps whose coordinates agree with its own wherever both are set.
 */
export function planUnits(steps: readonly StepDeclaration[], shape: SweepShape): PlannedUnit[] {
  const byStep = new Map<string, PlannedUnit[]>();
  for (const declaration of steps) {
    const units = coordinatesOf(declaration.fanOut, shape).map((coordinates) => ({
      id: unitId(declaration.name, coordinates),
      step: declaration.name,
      coordinates,
      needs: declaration.needs.flatMap((needed) =>
        (byStep.get(needed) ?? []).filter((other) => agree(other.coordinates, coordinates)).map(({ id }) => id),
      ),
    }));
    byStep.set(declaration.name, units);
  }
  return [...byStep.values()].flat();
}

/** The failure of a unit that its sweep does without. */
export function cancelledUnit(unit: string): UnitFailure {
  return { unit, kind: 'Cancelled' satisfies FailureKind, message: `${unit}: cancelled` };
}

/** Of failures that stand, those of these units. What needs a unit that has failed is blocked by it, and no failure of its own. */
export function keptFailures(failures: readonly UnitFailure[], units: readonly PlannedUnit[]): UnitFailure[] {
  const kept = new Map(failures.map((failure) => [failure.unit, failure]));
  return units.flatMap(({ id, needs }) => {
    const failure = kept.get(id);
    return failure === undefined || needs.some((need) => kept.has(need)) ? [] : [failure];
  });
}
