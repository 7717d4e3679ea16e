import { condition, continueAsNew, defineQuery, setHandler, workflowInfo } from '@temporalio/workflow';

import type { ArtifactRef } from '../contracts/artifacts.js';
import type { StepRequest, StepResult } from '../contracts/activities.js';
import {
  progressQueryName,
  type CarriedSweep,
  type SweepInput,
  type SweepProgress,
  type SweepResult,
  type UnitFailure,
} from '../contracts/sweep.js';
import { planUnits, shardCount, unitId, type PlannedUnit } from '../domain/plan/units.js';
import { SweepState, type ReadyUnit } from '../domain/plan/sweep-state.js';
import { progressOf } from '../domain/plan/progress.js';
import { failureOf } from './failure-of.js';
import { roomFor, type Room } from './room-for.js';
import { awaitSharedUnit, runStep, storeActivities } from './run-step.js';

/** How many units of a step a sweep waits for at a time, so that it does not ask the server for all of them at once. */
const openUnitsOfStep = 64;

/** Keys per look-up: more would make a large message. */
const keysPerLookUp = 400;

/**
 * The length of its history at which a sweep continues in a new execution. Temporal warns from 10,240 events on; what is
 * already waited for adds some hundreds.
 */
const longHistory = 2500;

/** How often a unit may find its inputs lost or damaged before it fails: a faulty disk may keep losing them. */
const mostRepairs = 3;

/**
 * Runs one sweep: every unit of the pipeline, each as soon as its inputs are available.
 *
 * Units whose keys are already in the store are taken from it, in batches. A failed unit does not end the sweep: units
 * that do not need it continue, and the result states what is missing. If a unit finds an input lost or damaged, the
 * units whose results the store lacks run again, and then that unit.
 *
 * When its history becomes long, the sweep continues in a new execution, which joins the units that are running.
 */
export async function sweep(input: SweepInput): Promise<SweepResult> {
  const {
    steps,
    models,
    losses,
    folds,
    repeats = 1,
    ...specification
  } = await storeActivities().readSpecification(input.specification);
  const declarations = new Map(steps.map((step) => [step.name, step]));
  const state = new SweepState(steps, specification.parameters);
  const { carried } = input;
  const failures: UnitFailure[] = [...(carried?.failures ?? [])];
  const repaired: string[] = [...(carried?.repaired ?? [])];
  const caseCounts = new Map(Object.entries(carried?.caseCounts ?? {}));
  const repairs = new Map(Object.entries(carried?.repairs ?? {}));
  const computed = new Set<string>();
  const rooms = new Map<string, Room>();
  let running = 0;
  let repairing = 0;
  let settled = 0;

  const progress = (): SweepProgress => progressOf(steps, state, { failures, repaired });
  setHandler(defineQuery<SweepProgress>(progressQueryName), progress);

  const unitsOf = (chosen: typeof steps): PlannedUnit[] => {
    const dataSets = specification.dataSets.map((name) => ({ name, shards: shardCount(caseCounts.get(name) ?? 0) }));
    return planUnits(chosen, { models, losses, folds, repeats, dataSets });
  };

  // The number of shards is known only once the cases have been counted.
  if (carried === undefined) {
    state.add(unitsOf(steps.filter(({ needs }) => needs.length === 0)));
    await runUntilSettled();
    state.add(unitsOf(steps));
  } else {
    takeOver(carried);
  }
  await runUntilSettled();

  function takeOver({ made, computed: digits }: CarriedSweep): void {
    const units = unitsOf(steps);
    state.add(units);
    units.forEach(({ id }, index) => {
      if (digits[index] === '1') computed.add(id);
    });
    for (const [id, ref] of Object.entries(made)) state.complete(id, ref, computed.has(id) ? 'done' : 'cached');
    for (const failure of failures) state.fail(failure.unit, failure);
  }

  function handOver(): CarriedSweep {
    const running = state.all().filter(({ status }) => status === 'running');
    const underWay = new Set(running.map(({ unit }) => unit.id));
    const always = state.all().filter(({ unit }) => declarations.get(unit.step)?.always === true);
    const refs = always.flatMap(({ unit: { id } }) => {
      const ref = state.result(id);
      return ref === undefined ? [] : [[id, ref] as const];
    });
    return {
      caseCounts: Object.fromEntries(caseCounts),
      made: Object.fromEntries(refs),
      // What is running will have been computed in this run.
      computed: unitsOf(steps)
        .map(({ id }) => (computed.has(id) || underWay.has(id) ? '1' : '0'))
        .join(''),
      ...{ failures, repaired, repairs: Object.fromEntries(repairs) },
    };
  }

  /** Not while a unit runs that only this execution waits for: one without a workflow of its own, or a repair. */
  function mayContinueAsNew(): boolean {
    const running = state.all().filter(({ status }) => status === 'running');
    return repairing === 0 && running.every(({ unit }) => declarations.get(unit.step)?.shared === true);
  }

  async function runUntilSettled(): Promise<void> {
    for (;;) {
      if (workflowInfo().historyLength > longHistory && mayContinueAsNew()) {
        await continueAsNew<typeof sweep>({ ...input, carried: handOver() });
      }
      // During a look-up, running units may settle, and units found in the store make others ready. So wait only if no
      // unit is ready.
      const before = settled;
      const ready = state.takeReady();
      if (ready.length > 0) await startAll(ready);
      else if (running > 0) await condition(() => settled > before);
      else return;
    }
  }

  async function startAll(ready: readonly ReadyUnit[]): Promise<void> {
    const known = await lookUp(ready.map(({ unit, key }) => (declarations.get(unit.step)?.always === true ? '' : key)));
    ready.forEach((candidate, index) => {
      const found = known[index] ?? null;
      if (found === null) void run(candidate);
      else state.complete(candidate.unit.id, found, computed.has(candidate.unit.id) ? 'done' : 'cached');
    });
  }

  async function lookUp(keys: readonly string[]): Promise<readonly (ArtifactRef | null)[]> {
    if (keys.every((key) => key === '')) return [];
    const found: (ArtifactRef | null)[] = [];
    for (let start = 0; start < keys.length; start += keysPerLookUp) {
      found.push(...(await storeActivities().findArtifacts(keys.slice(start, start + keysPerLookUp))));
    }
    return found;
  }

  async function run({ unit, key, inputs, gaps }: ReadyUnit): Promise<void> {
    const { sweepId, specification: digest } = input;
    running++;
    state.start(unit.id);
    try {
      const request = { sweepId, specification: digest, coordinates: unit.coordinates, key, inputs, gaps };
      const { ref, cached, caseCount } = await execute(unit, request);
      if (caseCount !== undefined && unit.coordinates.dataSet !== undefined) {
        caseCounts.set(unit.coordinates.dataSet, caseCount);
      }
      if (!cached) computed.add(unit.id);
      state.complete(unit.id, ref, cached ? 'cached' : 'done');
    } catch (error) {
      const failure = failureOf(unit.id, error);
      const before = repairs.get(unit.id) ?? 0;
      if (failure.kind === 'StoreCorrupt' && before < mostRepairs) {
        repairs.set(unit.id, before + 1);
        repairing++;
        await reopenLost();
        repairing--;
        state.reopen(unit.id);
      } else {
        failures.push(failure);
        state.fail(unit.id, failure);
      }
    }
    running--;
    settled++;
  }

  async function execute({ step }: PlannedUnit, request: StepRequest): Promise<StepResult> {
    const declaration = declarations.get(step);
    if (declaration === undefined) throw new Error(`the pipeline has no step ${step}`);
    if (!declaration.shared) return runStep(declaration, request);
    const { enter, leave } = room(step);
    await enter();
    try {
      return await awaitSharedUnit(declaration, request);
    } finally {
      leave();
    }
  }

  function room(step: string): Room {
    const known = rooms.get(step) ?? roomFor(openUnitsOfStep);
    rooms.set(step, known);
    return known;
  }

  /** Reopens every unit whose result the store no longer has. */
  async function reopenLost(): Promise<void> {
    const results = state.all().flatMap(({ unit: { id } }) => {
      const ref = state.result(id);
      return ref === undefined ? [] : [{ id, ref }];
    });
    const found = await lookUp(results.map(({ ref }) => ref.key));
    const lost = results.filter((_, index) => found[index] === null);
    for (const { id } of lost) state.reopen(id);
    repaired.push(...lost.map(({ id }) => id).filter((id) => !repaired.includes(id)));
  }

  const report = steps.at(-1);
  const made = report === undefined ? null : (state.result(unitId(report.name, {})) ?? null);
  return { ...progress(), outcome: outcomeOf(), report: made };

  function outcomeOf(): SweepResult['outcome'] {
    if (failures.length === 0) return 'complete';
    // A step that tolerates gaps has run only if at least one arm was evaluated.
    const gathering = steps.filter(({ toleratesGaps, fanOut }) => toleratesGaps && fanOut !== 'sweep');
    const measured = gathering.some(({ name }) =>
      state.all().some(({ unit, status }) => unit.step === name && ['cached', 'done'].includes(status)),
    );
    return measured && made !== null ? 'partial' : 'failed';
  }
}
