import { ApplicationFailure, CancellationScope, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';

import type { StepDeclaration } from '../contracts/step-declaration.js';
import {
  statusesQueryName,
  stillReading,
  updateNames,
  type UnitFailure,
  type UnitsByStatus,
} from '../contracts/sweep.js';
import { isHeldBy, withRules, type HoldRule } from '../domain/plan/holds.js';
import type { ReadyUnit, SweepState, UnitStatus } from '../domain/plan/sweep-state.js';
import { selectionsAround, selects, type UnitSelection } from '../domain/plan/unit-selection.js';
import { cancelledUnit, type PlannedUnit } from '../domain/plan/units.js';
import { leaveSharedUnit } from './run-step.js';

/** What people tell a running sweep: to run failed units again, to hold units or go on with them, to do without them. */
export interface SweepControl {
  /** Unless told otherwise, units that match the last rule for them are held. */
  readonly holds: () => readonly HoldRule[];
  readonly isHeld: (unit: PlannedUnit) => boolean;
  /** The number of running units that were told to stop. */
  readonly stopping: () => number;
  /** Does a unit's work; rejects with `Stopped` if the unit was told to stop meanwhile, unless it has ended before. */
  readonly stoppable: <T>(ready: ReadyUnit, work: () => Promise<T>) => Promise<T>;
}

/** The unit's work was stopped: because the unit is held, or with the failure of a unit that the sweep does without. */
export class Stopped extends Error {
  constructor(readonly failure: UnitFailure | undefined) {
    super('stopped');
  }
}

/** The steps that gather the results of others, and make do with those that there are. */
export function gatheringSteps(steps: readonly StepDeclaration[]): ReadonlySet<string> {
  const gathering = new Set<string>();
  for (const { name, toleratesGaps, needs } of steps) {
    if (toleratesGaps || needs.some((need) => gathering.has(need))) gathering.add(name);
  }
  return gathering;
}

interface Options {
  readonly state: SweepState;
  readonly holds: readonly HoldRule[];
  /** False while the sweep does not know all of its units yet. */
  readonly isPlanned: () => boolean;
  /** Whether a step gathers the results of others, and makes do with those that there are. */
  readonly gathers: (step: string) => boolean;
  /** Called after every change of the state. */
  readonly onChange: () => void;
}

const unsettled: readonly UnitStatus[] = ['waiting', 'held', 'running'];

/** Receives the updates of a sweep, and the query for the status of each unit. */
export function controlOf({ state, holds: before, isPlanned, gathers, onChange }: Options): SweepControl {
  let holds = before;
  const scopes = new Map<string, { readonly scope: CancellationScope; readonly key: string }>();
  /** Running units that were told to stop, and why. */
  const stopping = new Map<string, 'pause' | 'cancel'>();

  // Scans take seconds, and without them the sweep does not know its units.
  const isHeld = (unit: PlannedUnit): boolean => unit.needs.length > 0 && isHeldBy(holds, unit);

  const chosen = (selections: readonly UnitSelection[]): { unit: PlannedUnit; status: UnitStatus }[] =>
    state.all().filter(({ unit, status }) => {
      return unsettled.includes(status) && selections.some((selection) => selects(selection, unit));
    });

  /** False if its work has not begun: its result is still being looked up. */
  function stop(id: string, why: 'pause' | 'cancel'): boolean {
    const running = scopes.get(id);
    if (running === undefined) return false;
    if (!stopping.has(id)) void leaveSharedUnit(running.key);
    if (stopping.get(id) !== 'cancel') stopping.set(id, why);
    running.scope.cancel();
    return true;
  }

  function pause(selections: readonly UnitSelection[]): string[] {
    holds = withRules(holds, selections, true);
    const concerned = chosen(selections).filter(({ unit }) => isHeld(unit));
    for (const { unit, status } of concerned) if (status === 'running') stop(unit.id, 'pause');
    onChange();
    return concerned.map(({ unit }) => unit.id);
  }

  function resume(selections: readonly UnitSelection[]): string[] {
    const concerned = chosen(selections).filter(({ unit }) => isHeld(unit));
    goOn(selections);
    onChange();
    return concerned.map(({ unit }) => unit.id);
  }

  function goOn(selections: readonly UnitSelection[]): void {
    holds = withRules(holds, selections, false);
    for (const { unit, status } of state.all()) if (status === 'held' && !isHeld(unit)) state.reopen(unit.id);
  }

  /** What gathers results goes on without the cancelled ones, unless it was named itself. */
  function cancel(selections: readonly UnitSelection[]): string[] {
    const concerned = selections.flatMap((selection) =>
      chosen([selection]).filter(({ unit }) => selection.step !== undefined || !gathers(unit.step)),
    );
    const ids = new Set(concerned.map(({ unit }) => unit.id));
    // Nothing of what was chosen is held any more: what gathers results would never run.
    goOn(selections);
    for (const { unit, status } of concerned) {
      // What needs a cancelled unit is blocked by it, and no failure of its own.
      if (unit.needs.some((need) => ids.has(need))) continue;
      if (status !== 'running' || !stop(unit.id, 'cancel')) state.fail(unit.id, cancelledUnit(unit.id));
    }
    onChange();
    return [...ids];
  }

  function rerun(ids: readonly string[]): string[] {
    const failed = new Set(state.failed().map(({ unit }) => unit));
    const chosen = ids.filter((id) => failed.has(id) || stopping.get(id) === 'cancel');
    for (const id of chosen) {
      if (failed.has(id)) state.reopenFailed(id);
      // It begins again once it has stopped.
      else stopping.set(id, 'pause');
    }
    // Those that have not failed yet go on, too.
    goOn(selectionsAround(ids));
    onChange();
    return chosen;
  }

  function refuseUnplanned(): void {
    if (isPlanned()) return;
    throw ApplicationFailure.nonRetryable(stillReading);
  }

  function refuseUnknown(ids: readonly string[]): void {
    refuseUnplanned();
    const statuses = new Map(state.all().map(({ unit, status }) => [unit.id, status]));
    for (const id of ids) {
      const status = statuses.get(id);
      if (status !== 'failed' && (status === undefined || !unsettled.includes(status))) {
        const what = status === undefined ? `the sweep has no unit "${id}"` : `${id} has not failed: it is ${status}`;
        throw ApplicationFailure.nonRetryable(what);
      }
    }
  }

  type Selections = [readonly UnitSelection[]];
  setHandler(defineUpdate<string[], [readonly string[]]>(updateNames.rerun), rerun, { validator: refuseUnknown });
  const validator = (_: readonly UnitSelection[]): void => {
    refuseUnplanned();
  };
  setHandler(defineUpdate<string[], Selections>(updateNames.pause), pause, { validator });
  setHandler(defineUpdate<string[], Selections>(updateNames.resume), resume, { validator });
  setHandler(defineUpdate<string[], Selections>(updateNames.cancel), cancel, { validator });
  setHandler(defineQuery<UnitsByStatus>(statusesQueryName), () => ({
    ...unitsByStatus(state),
    cancelling: [...stopping].flatMap(([id, why]) => (why === 'cancel' ? [id] : [])),
  }));

  return {
    holds: () => holds,
    isHeld,
    stopping: () => stopping.size,
    stoppable: async ({ unit, key }, work) => {
      const scope = new CancellationScope();
      scopes.set(unit.id, { scope, key });
      try {
        return await scope.run(work);
      } catch (error) {
        // Of what was told to stop, no failure counts: its worker may have been lost while it stopped. What fails whatever
        // happens will fail again.
        const why = stopping.get(unit.id);
        if (why === undefined) throw error;
        throw new Stopped(why === 'cancel' ? cancelledUnit(unit.id) : undefined);
      } finally {
        scopes.delete(unit.id);
        stopping.delete(unit.id);
      }
    },
  };
}

function unitsByStatus(state: SweepState): Record<UnitStatus, string[]> {
  const units: Record<UnitStatus, string[]> = {
    ...{ waiting: [], held: [], running: [], cached: [], done: [], failed: [], blocked: [] },
  };
  for (const { unit, status } of state.all()) units[status].push(unit.id);
  return units;
}
