/**
 * What the engine knows of a step. Each step is declared once, in `steps/`, with its settings, output and
 * implementation; this is the part of the declaration that crosses Temporal, as data in a sweep's specification.
 */
export interface StepDeclaration {
  readonly name: string;
  /** Part of every key of the step: raise it when the step's output changes for the same input. */
  readonly version: number;
  readonly does: string;
  /** A unit needs all units of these steps that share its coordinates. */
  readonly needs: readonly string[];
  readonly fanOut: FanOut;
  readonly queue: Queue;
  /** Runs as long as one of the units it needs has not failed; gaps are marked, not hidden. */
  readonly toleratesGaps: boolean;
  /** Reads the outside world, so it runs in every sweep, and later keys depend on its result instead of its key. */
  readonly always: boolean;
  /** Each unit runs in its own workflow, and every sweep that needs the same work waits for it. */
  readonly shared: boolean;
  readonly startToCloseHours: number;
  /** A unit that shows no progress for this long is considered dead and is retried. */
  readonly heartbeatSeconds: number;
  /** The number of retryable failures at which a unit is given up; a lost worker does not count. */
  readonly attempts: number;
}

/** A step runs once per data set, per shard of a data set's cases, per arm and fold, or per sweep. */
export type FanOut = 'dataSet' | 'shard' | 'armFold' | 'sweep';

/** `training` is for work that occupies a GPU. */
export type Queue = 'data' | 'training';
