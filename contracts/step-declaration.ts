/**
 * What the engine knows of a step. Each step is declared once, in `steps/`, together with its settings, its output and
 * its implementation; this is the part of a declaration that crosses Temporal, as data in a sweep's specification.
 */
export interface StepDeclaration {
  readonly name: string;
  /** Part of every key of the step: raise it when the step's code gives other bytes for the same input. */
  readonly version: number;
  readonly does: string;
  /** A unit needs all units of these steps that share its coordinates. */
  readonly needs: readonly string[];
  readonly fanOut: FanOut;
  readonly queue: Queue;
  /** Runs without the units it needs that have failed, as long as one has not: gaps are marked, not hidden. */
  readonly toleratesGaps: boolean;
  /** Looks at the outside world, so it runs in every sweep, and its result, not its key, decides what follows. */
  readonly always: boolean;
  /** A unit runs in a workflow of its own, which every sweep that asks for the same work waits for. */
  readonly shared: boolean;
  readonly startToCloseHours: number;
  /** A unit that shows no progress for this long is taken for dead and tried again. */
  readonly heartbeatSeconds: number;
  /** Transient failures of a unit's own work before it is given up; a lost worker is no failure. */
  readonly attempts: number;
}

/** A step runs once for each data set, each shard of a data set's cases, each arm and fold, or once a sweep. */
export type FanOut = 'dataSet' | 'shard' | 'armFold' | 'sweep';

/** `training` is for what occupies a GPU. */
export type Queue = 'data' | 'training';
