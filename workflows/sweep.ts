import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

import type { StepRequest, StepResult } from '../contracts/activities.js';
import {
  progressQueryName,
  type CarriedSweep,
  type SweepInput,
  type SweepProgress,
  type SweepResult,
  type UnitFailure,
} from '../contracts/sweep.js';
import { keptFailures, planUnits, shardCount, unitId, type PlannedUnit } from '../domain/plan/units.js';
import { SweepState, type ReadyUnit } from '../domain/plan/sweep-state.js';
import { outcomeOf, progressOf } from '../domain/plan/progress.js';
import { controlOf, gatheringSteps, Stopped } from './control.js';
import { failureOf } from './failure-of.js';
import { roomFor, type Room } from './room-for.js';
import { sweepDetails, unitInSweep } from './sweep-details.js';
import { awaitSharedUnit, lookUp, runStep, storeActivities } from './run-step.js';

/** How many units of a step a sweep waits for at a time, so that it does not ask the server for all of them at once. */
const openUnitsOfStep = 64;

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
 * While it runs, people may rerun, hold and cancel units (control.ts). It does not end while any are held.
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
  const repaired: string[] = [...(carried?.repaired ?? [])];
  const caseCounts = new Map(Object.entries(carried?.caseCounts ?? {}));
  const repairs = new Map(Object.entries(carried?.repairs ?? {}));
  const computed = new Set<string>();
  const rooms = new Map<string, Room>();
  let running = 0;
  let repairing = 0;
  let isPlanned = false;
  /** Counts what may let the sweep go on: units that have ended, and updates. */
  let changes = 0;

  const gathering = gatheringSteps(steps);
  const control = controlOf({
    ...{ state, holds: carried?.holds ?? input.holds ?? [], isPlanned: () => isPlanned, onChange: () => changes++ },
    gathers: (step) => gathering.has(step),
  });
  const show = sweepDetails(state, steps);
  const progress = (): SweepProgress => progressOf(steps, state, { repaired, stopping: control.stopping() });
  setHandler(defineQuery<SweepProgress>(progressQueryName), progress);

  const unitsOf = (chosen: typeof steps): PlannedUnit[] => {
    const dataSets = specification.dataSets.map((name) => ({ name, shards: shardCount(caseCounts.get(name) ?? 0) }));
    return planUnits(chosen, { models, losses, folds, repeats, dataSets });
  };

  // The number of shards is known only once the cases have been counted.
  if (carried === undefined) {
    addUnits(steps.filter(({ needs }) => needs.length === 0));
    await runUntilSettled();
    addUnits(steps);
  } else {
    takeOver(carried);
  }
  isPlanned = true;
  await runUntilSettled();
  show(Infinity);

  function addUnits(chosen: typeof steps): void {
    const units = unitsOf(chosen);
    const kept = keptFailures(input.keptFailures ?? [], units).filter(({ unit }) => !state.has(unit));
    state.add(units);
    for (const failure of kept) state.fail(failure.unit, failure);
  }

  function takeOver({ made, computed: digits, failures }: CarriedSweep): void {
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
      ...{ failures: state.failed(), repaired, repairs: Object.fromEntries(repairs), holds: control.holds() },
    };
  }

  /** Not while a unit runs or stops that only this execution waits for: one without a workflow of its own, or a repair. */
  function mayContinueAsNew(): boolean {
    const running = state.all().filter(({ status }) => status === 'running');
    const isBusy = repairing > 0 || control.stopping() > 0;
    return !isBusy && running.every(({ unit }) => declarations.get(unit.step)?.shared === true);
  }

  async function runUntilSettled(): Promise<void> {
    for (;;) {
      if (workflowInfo().historyLength > longHistory && mayContinueAsNew()) {
        const { sweepId, specification: digest } = input;
        await continueAsNew<typeof sweep>({ sweepId, specification: digest, carried: handOver() });
      }
      // During a look-up, running units may settle, and units found in the store make others ready. So wait only if no
      // unit is ready.
      const before = changes;
      const ready = state.takeReady();
      show(changes);
      if (ready.length > 0) await startAll(ready);
      else if (running > 0 || state.all().some(({ status }) => status === 'held'))
        await condition(() => changes > before);
      else return;
    }
  }

  async function startAll(ready: readonly ReadyUnit[]): Promise<void> {
    const known = await lookUp(ready.map(({ unit, key }) => (declarations.get(unit.step)?.always === true ? '' : key)));
    ready.forEach((candidate, index) => {
      const found = known[index] ?? null;
      // It may have been cancelled meanwhile.
      if (!state.isRunning(candidate.unit.id)) return;
      if (found === null) void run(candidate);
      else state.complete(candidate.unit.id, found, computed.has(candidate.unit.id) ? 'done' : 'cached');
    });
  }

  async function run(ready: ReadyUnit): Promise<void> {
    const { unit, key, inputs, gaps } = ready;
    if (control.isHeld(unit)) {
      state.hold(unit.id);
      return;
    }
    const { sweepId, specification: digest } = input;
    running++;
    try {
      const request = { sweepId, specification: digest, coordinates: unit.coordinates, key, inputs, gaps };
      const { ref, cached, caseCount } = await control.stoppable(ready, () => execute(unit, request));
      if (caseCount !== undefined && unit.coordinates.dataSet !== undefined) {
        caseCounts.set(unit.coordinates.dataSet, caseCount);
      }
      if (!cached) computed.add(unit.id);
      state.complete(unit.id, ref, cached ? 'cached' : 'done');
      // Of a scan that was run again, the shards are known only now.
      if (isPlanned && caseCount !== undefined) addUnits(steps);
    } catch (error) {
      await settle(unit.id, error instanceof Stopped ? error.failure : failureOf(unit.id, error));
    }
    running--;
    changes++;
  }

  /** Decides what becomes of a unit without a result; without a failure, it was only told to stop. */
  async function settle(id: string, failure: UnitFailure | undefined): Promise<void> {
    const before = repairs.get(id) ?? 0;
    if (failure === undefined) {
      state.reopen(id);
    } else if (failure.kind === 'StoreCorrupt' && before < mostRepairs) {
      repairs.set(id, before + 1);
      repairing++;
      await reopenLost();
      repairing--;
      // It may have been cancelled meanwhile.
      if (state.isRunning(id)) state.reopen(id);
    } else {
      repairs.delete(id);
      state.fail(id, failure);
    }
  }

  async function execute({ step, coordinates }: PlannedUnit, request: StepRequest): Promise<StepResult> {
    const declaration = declarations.get(step);
    if (declaration === undefined) throw new Error(`the pipeline has no step ${step}`);
    const words = unitInSweep(step, coordinates, specification.dataSets);
    if (!declaration.shared) return runStep(declaration, request, words);
    const { enter, leave } = room(step);
    await enter(CancellationScope.current().cancelRequested);
    try {
      return await awaitSharedUnit(declaration, request, words);
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
  return { ...progress(), outcome: outcomeOf(steps, state, made), report: made };
}
