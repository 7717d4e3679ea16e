import type { ParameterDigests } from '../../contracts/activities.js';
import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { StepDeclaration } from '../../contracts/step-declaration.js';
import type { UnitFailure, UnitGap } from '../../contracts/sweep.js';
import { keyOfWork } from './key.js';
import { parameterName, unitId, type PlannedUnit } from './units.js';

export type UnitStatus = 'waiting' | 'running' | 'cached' | 'done' | 'failed' | 'blocked';

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
    }
  }

  start(id: string): void {
    this.statuses.set(id, 'running');
  }

  complete(id: string, ref: ArtifactRef, status: 'cached' | 'done'): void {
    this.statuses.set(id, status);
    this.results.set(id, ref);
  }

  fail(id: string, failure: UnitFailure): void {
    this.statuses.set(id, 'failed');
    this.gaps.set(id, [{ unit: id, cause: failure }]);
  }

  /** Makes a unit run again after its result was lost. Results derived from the lost one remain valid. */
  reopen(id: string): void {
    this.statuses.set(id, 'waiting');
    this.results.delete(id);
  }

  result(id: string): ArtifactRef | undefined {
    return this.results.get(id);
  }

  /** Every unit with its status, in plan order. */
  all(): { readonly unit: PlannedUnit; readonly status: UnitStatus }[] {
    return [...this.units.values()].map((unit) => ({ unit, status: this.statuses.get(unit.id) ?? 'waiting' }));
  }

  /** The units that can start now. Marks units that can never start as blocked. */
  takeReady(): ReadyUnit[] {
    const ready: ReadyUnit[] = [];
    for (const unit of this.units.values()) {
      if (this.statuses.get(unit.id) !== 'waiting') continue;
      const missing = unit.needs.filter((need) => ['failed', 'blocked'].includes(this.statuses.get(need) ?? 'waiting'));
      const settled = unit.needs.every((need) => this.results.has(need) || missing.includes(need));
      const { toleratesGaps } = this.declaration(unit.step);
      const gaps = missing.flatMap((need) => this.gaps.get(need) ?? []);
      if (missing.length > 0 && (!toleratesGaps || (settled && missing.length === unit.needs.length))) {
        this.block(unit, gaps);
      } else if (settled) {
        ready.push(this.prepare(unit, gaps));
      }
    }
    return ready;
  }

  /**
   * A step that tolerates gaps must record every missing input. If a gap-tolerant unit is blocked, it passes on the
   * gaps behind it.
   */
  private block({ id, step }: PlannedUnit, behind: readonly UnitGap[]): void {
    this.statuses.set(id, 'blocked');
    const own = behind.slice(0, 1).map(({ cause }) => ({ unit: id, cause }));
    this.gaps.set(id, this.declaration(step).toleratesGaps ? [...own, ...behind] : own);
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
