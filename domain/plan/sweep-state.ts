import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { StepDeclaration, StepName } from '../../contracts/pipeline.js';
import { keyOfWork } from './key.js';
import { parameterName, type ParameterDigests } from './step-parameters.js';
import { unitId, type PlannedUnit, type UnitCoordinates } from './units.js';

export type UnitStatus = 'waiting' | 'running' | 'cached' | 'done' | 'failed' | 'blocked';

/** A unit whose needs are met, with the key of its work. */
export interface ReadyUnit {
  readonly unit: PlannedUnit;
  readonly key: string;
  readonly inputs: readonly { readonly unit: string; readonly ref: ArtifactRef }[];
  readonly gaps: readonly string[];
}

/**
 * Where each unit of a sweep stands, and which can start. Pure book-keeping shared by the workflow, which runs the
 * units, and by `plan`, which only looks them up.
 */
export class SweepState {
  private readonly units = new Map<string, PlannedUnit>();
  private readonly statuses = new Map<string, UnitStatus>();
  private readonly results = new Map<string, ArtifactRef>();
  private readonly declarations: ReadonlyMap<StepName, StepDeclaration>;

  constructor(
    pipeline: readonly StepDeclaration[],
    private readonly parameters: ParameterDigests,
  ) {
    this.declarations = new Map(pipeline.map((declaration) => [declaration.name, declaration]));
  }

  /** Adds units; those already known keep their status, so a plan can grow when a scan has counted the cases. */
  add(units: readonly PlannedUnit[]): void {
    for (const unit of units) {
      this.units.set(unit.id, unit);
      if (!this.statuses.has(unit.id)) this.statuses.set(unit.id, 'waiting');
    }
  }

  mark(id: string, status: 'running' | 'failed'): void {
    this.statuses.set(id, status);
  }

  complete(id: string, ref: ArtifactRef, status: 'cached' | 'done'): void {
    this.statuses.set(id, status);
    this.results.set(id, ref);
  }

  result(id: string): ArtifactRef | undefined {
    return this.results.get(id);
  }

  statusOf(id: string): UnitStatus | undefined {
    return this.statuses.get(id);
  }

  /** Every unit with its status, in the plan's order. */
  all(): { readonly unit: PlannedUnit; readonly status: UnitStatus }[] {
    return [...this.units.values()].map((unit) => ({ unit, status: this.statuses.get(unit.id) ?? 'waiting' }));
  }

  /** The units that can start now; units that never can are marked as blocked on the way. */
  takeReady(): ReadyUnit[] {
    const ready: ReadyUnit[] = [];
    for (const unit of this.units.values()) {
      if (this.statuses.get(unit.id) !== 'waiting') continue;
      const missing = unit.needs.filter((need) => ['failed', 'blocked'].includes(this.statuses.get(need) ?? 'waiting'));
      const settled = unit.needs.every((need) => this.results.has(need) || missing.includes(need));
      const declaration = this.declaration(unit.step);
      if (missing.length > 0 && (!declaration.toleratesGaps || (settled && missing.length === unit.needs.length))) {
        this.statuses.set(unit.id, 'blocked');
      } else if (settled) {
        ready.push(this.prepare(unit, missing));
      }
    }
    return ready;
  }

  private declaration(step: StepName): StepDeclaration {
    const declaration = this.declarations.get(step);
    if (declaration === undefined) throw new Error(`the pipeline has no step ${step}`);
    return declaration;
  }

  private prepare(unit: PlannedUnit, gaps: readonly string[]): ReadyUnit {
    const inputs = unit.needs.flatMap((need) => {
      const ref = this.results.get(need);
      return ref === undefined ? [] : [{ unit: need, ref }];
    });
    return { unit, key: this.keyOf(unit, inputs), inputs, gaps };
  }

  private keyOf(unit: PlannedUnit, inputs: ReadyUnit['inputs']): string {
    const { dataSet } = unit.coordinates;
    const parameters = this.parameters[dataSet ?? '']?.[parameterName(unit.step, unit.coordinates)];
    if (parameters === undefined) throw new Error(`no parameters for ${unit.id}`);
    return keyOfWork({
      step: unit.step,
      version: this.declaration(unit.step).version,
      parameters,
      coordinates: unit.coordinates,
      inputs: Object.fromEntries(inputs.map(({ unit: need, ref }) => [this.place(need, dataSet), ref.digest])),
    });
  }

  /** An input's place in the key: the data set's name is left out, so a renamed data set finds its artifacts. */
  private place(id: string, dataSet: string | undefined): string {
    const unit = this.units.get(id);
    if (unit === undefined || dataSet === undefined) return id;
    const coordinates: UnitCoordinates = { ...unit.coordinates };
    delete (coordinates as { dataSet?: string }).dataSet;
    return unitId(unit.step, coordinates);
  }
}
