import type { ParameterDigests } from '../../contracts/activities.js';
import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { StepDeclaration } from '../../contracts/step-declaration.js';
import type { UnitFailure, UnitGap } from '../../contracts/sweep.js';
import { keyOfWork } from './key.js';
import { parameterName, unitId, type PlannedUnit } from './units.js';

/** `running` also until it is known whether the store has the result; `held` until it may start. */
export type UnitStatus = 'waiting' | 'held' | 'running' | 'cached' | 'done' | 'failed' | 'blocked';

/** A unit whose dependencies are complete, with the key of its work. */
export interface ReadyUnit {
  readonly unit: PlannedUnit;
  readonly key: string;
  readonly inputs: readonly { readonly unit: string; readonly ref: ArtifactRef }[];
  readonly gaps: readonly UnitGap[];
}

/**
 * The status of each unit of a sweep, and which units can start. Pure bookkeeping, shared by the workflow, which runs
 * the units, and by `plan`, which only looks up their results.
 */
export class SweepState {
  private readonly units = new Map<string, PlannedUnit>();
  private readonly statuses = new Map<string, UnitStatus>();
  private readonly results = new Map<string, ArtifactRef>();
  private readonly gaps = new Map<string, readonly UnitGap[]>();
  /** In the order in which they came. */
  private readonly failures = new Map<string, UnitFailure>();
  /** Running units whose gaps may be filled after all: what they make does not count. */
  private readonly outdated = new Set<string>();
  /** Each unit's place in the plan, and those that need it. */
  private readonly places = new Map<string, number>();
  private readonly dependents = new Map<string, Set<string>>();
  /** Units that may have become ready or impossible: only these are looked at, for a sweep has thousands. */
  private readonly touched = new Set<string>();
  private readonly declarations: ReadonlyMap<string, StepDeclaration>;

  constructor(
    steps: readonly StepDeclaration[],
    private readonly parameters: ParameterDigests,
  ) {
    this.declarations = new Map(steps.map((declaration) => [declaration.name, declaration]));
  }

  /** Adds units. Known units keep their status, so a plan can grow once a scan has counted the cases. */
  add(units: readonly PlannedUnit[]): void {
    for (const unit of units) {
      this.units.set(unit.id, unit);
      if (!this.statuses.has(unit.id)) this.statuses.set(unit.id, 'waiting');
      for (const need of unit.needs) {
        const known = this.dependents.get(need) ?? new Set();
        this.dependents.set(need, known.add(unit.id));
      }
      this.touched.add(unit.id);
    }
    [...this.units.keys()].forEach((id, place) => this.places.set(id, place));
  }

  complete(id: string, ref: ArtifactRef, status: 'cached' | 'done'): void {
    if (this.outdated.has(id)) {
      this.reopen(id);
      return;
    }
    this.statuses.set(id, status);
    this.results.set(id, ref);
    this.touchDependents(id);
  }

  fail(id: string, failure: UnitFailure): void {
    if (this.outdated.has(id)) {
      this.reopen(id);
      return;
    }
    this.statuses.set(id, 'failed');
    this.failures.set(id, failure);
    this.gaps.set(id, [{ unit: id, cause: failure }]);
    this.touchDependents(id);
  }

  /** Puts a unit that could start aside until it is reopened. */
  hold(id: string): void {
    this.statuses.set(id, 'held');
  }

  /** Makes a unit run again, after its result was lost for instance. Results derived from a lost one remain valid. */
  reopen(id: string): void {
    this.statuses.set(id, 'waiting');
    this.outdated.delete(id);
    this.results.delete(id);
    this.gaps.delete(id);
    this.failures.delete(id);
    this.touched.add(id);
  }

  /** Makes a failed unit run again, and all that was blocked by it or made in spite of it. */
  reopenFailed(id: string): void {
    this.reopen(id);
    const behind = new Set([...(this.dependents.get(id) ?? [])]);
    for (const next of behind) {
      for (const dependent of this.dependents.get(next) ?? []) behind.add(dependent);
      if (this.statuses.get(next) === 'running') this.outdated.add(next);
      else this.reopen(next);
    }
  }

  failed(): UnitFailure[] {
    return [...this.failures.values()];
  }

  isRunning(id: string): boolean {
    return this.statuses.get(id) === 'running';
  }

  has(id: string): boolean {
    return this.statuses.has(id);
  }

  result(id: string): ArtifactRef | undefined {
    return this.results.get(id);
  }

  /** Every unit with its status, in plan order. */
  all(): { readonly unit: PlannedUnit; readonly status: UnitStatus }[] {
    return [...this.units.values()].map((unit) => ({ unit, status: this.statuses.get(unit.id) ?? 'waiting' }));
  }

  /**
   * The units that can start now, in plan order; from then on they count as running. Marks units that can never start
   * as blocked.
   */
  takeReady(): ReadyUnit[] {
    const ready: ReadyUnit[] = [];
    for (const unit of this.takeTouched()) {
      const isMissing = (need: string): boolean => isLost(this.statuses.get(need));
      const settled = unit.needs.every((need) => this.results.has(need) || isMissing(need));
      const { toleratesGaps } = this.declaration(unit.step);
      // First, because a unit that needs thousands is looked at after each of them.
      if (toleratesGaps && !settled) continue;
      const missing = unit.needs.filter(isMissing);
      const gaps = oncePerUnit(missing.flatMap((need) => this.gaps.get(need) ?? []));
      if (missing.length > 0 && (!toleratesGaps || missing.length === unit.needs.length)) {
        this.block(unit, gaps);
      } else if (settled) {
        this.statuses.set(unit.id, 'running');
        ready.push(this.prepare(unit, gaps));
      }
    }
    return ready.sort((a, b) => this.placeOf(a.unit.id) - this.placeOf(b.unit.id));
  }

  /** Also those that are touched meanwhile, because a unit that they need has been blocked. */
  private *takeTouched(): Generator<PlannedUnit> {
    while (this.touched.size > 0) {
      for (const id of [...this.touched].sort((a, b) => this.placeOf(a) - this.placeOf(b))) {
        this.touched.delete(id);
        const unit = this.units.get(id);
        if (unit !== undefined && this.statuses.get(id) === 'waiting') yield unit;
      }
    }
  }

  private placeOf(id: string): number {
    return this.places.get(id) ?? 0;
  }

  private touchDependents(id: string): void {
    for (const dependent of this.dependents.get(id) ?? []) this.touched.add(dependent);
  }

  /**
   * A step that tolerates gaps must record every missing input. If a gap-tolerant unit is blocked, it passes on the
   * gaps behind it.
   */
  private block({ id, step }: PlannedUnit, behind: readonly UnitGap[]): void {
    this.statuses.set(id, 'blocked');
    const own = behind.slice(0, 1).map(({ cause }) => ({ unit: id, cause }));
    this.gaps.set(id, this.declaration(step).toleratesGaps ? [...own, ...behind] : own);
    this.touchDependents(id);
  }

  private declaration(step: string): StepDeclaration {
    const declaration = this.declarations.get(step);
    if (declaration === undefined) throw new Error(`the pipeline has no step ${step}`);
    return declaration;
  }

  private prepare(unit: PlannedUnit, gaps: readonly UnitGap[]): ReadyUnit {
    const inputs = unit.needs.flatMap((need) => {
      const ref = this.results.get(need);
      return ref === undefined ? [] : [{ unit: need, ref }];
    });
    return { unit, key: this.keyOf(unit, inputs, gaps), inputs, gaps };
  }

  private keyOf(unit: PlannedUnit, inputs: ReadyUnit['inputs'], gaps: readonly UnitGap[]): string {
    const { dataSet } = unit.coordinates;
    const parameters = this.parameters[dataSet ?? '']?.[parameterName(unit.step, unit.coordinates)];
    if (parameters === undefined) throw new Error(`unit ${unit.id} has no parameters`);
    return keyOfWork({
      step: unit.step,
      version: this.declaration(unit.step).version,
      parameters,
      coordinates: unit.coordinates,
      inputs: Object.fromEntries(inputs.map(({ unit: need, ref }) => [this.place(need, dataSet), ref.digest])),
      gaps,
    });
  }

  /** An input's place in the key. Omits the data set's name, so a renamed data set finds its artifacts. */
  private place(id: string, dataSet: string | undefined): string {
    const unit = this.units.get(id);
    if (unit === undefined || dataSet === undefined) return id;
    const { dataSet: _, ...coordinates } = unit.coordinates;
    return unitId(unit.step, coordinates);
  }
}

function isLost(status: UnitStatus | undefined): boolean {
  return status === 'failed' || status === 'blocked';
}

/** A unit may be missed for itself, and passed on by others that miss it. */
function oncePerUnit(gaps: readonly UnitGap[]): UnitGap[] {
  return [...new Map(gaps.map((gap) => [gap.unit, gap])).values()];
}
