import type { z } from 'zod';

import type { DataSetConfig } from '../configs/config-schema.js';
import type { StepRequest } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import type { FanOut, StepDeclaration } from '../contracts/step-declaration.js';
import type { UnitGap } from '../contracts/sweep.js';
import type { UnitCoordinates } from '../domain/plan/units.js';
import type { ModelName } from '../domain/training/networks/network.js';
import type { ComputeNumerics } from '../storage/machine/compute-environment.js';
import type { NumericEnvironment } from '../storage/machine/runtime-record.js';
import type { ArtifactContent, ArtifactStore } from '../storage/store/artifact-store.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import type { LineageLog } from '../storage/store/lineage-log.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import type { DataSetLocation } from '../storage/sweeps/sweep-records.js';
import type { StepInputs } from './step-inputs.js';
import { placeOf, sourceOf } from './unit-sources.js';

/** What a step selects its settings from, by the step's fan-out. */
export interface Sources {
  readonly sweep: SweepContent;
  readonly dataSet: SweepContent & { readonly dataSet: DataSetConfig };
  readonly shard: SweepContent & { readonly dataSet: DataSetConfig };
  readonly armFold: SweepContent & { readonly dataSet: DataSetConfig; readonly arm: Arm };
}

export interface Arm {
  readonly model: ModelName;
  /** The loss's name (`lossName`). */
  readonly loss: string;
}

/** A unit's coordinates, as far as its key contains them: without the data set's name, which only settings may add. */
export interface Places {
  readonly sweep: object;
  readonly dataSet: object;
  readonly shard: { readonly shard: number };
  readonly armFold: Arm & { readonly fold: number; readonly repeat: number };
}

/** What a unit's work uses that changes no result and is therefore in no key. */
export interface Surroundings {
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
  readonly folder: DataFolder;
  /** This machine's numeric environment, which the lineage records. */
  readonly environment: NumericEnvironment;
  /** Where the files of the unit's data set are; not in the keys, which depend on the files' bytes. */
  readonly location: DataSetLocation;
  /** Draws the data set if it is a phantom that is not there: another machine may have scanned it. */
  readonly drawPhantom: () => Promise<void>;
  readonly checkpointMinutes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Omit<JobProgress, 'unit'>) => void;
  /**
   * Called before the work on each case, with its id, so that a process that dies can be told at which case. Unlike
   * progress, it never leaves this machine.
   */
  readonly onCase?: (id: string) => void;
  /** Called with what the user should be told, though the work goes on. It never leaves this machine either. */
  readonly onRemark?: (text: string) => void;
}

/** What a unit's implementation receives: its settings, never the whole config. */
export interface StepWork<F extends FanOut, Settings> extends Surroundings {
  readonly settings: Settings;
  readonly place: Places[F];
  readonly key: string;
  readonly inputs: StepInputs;
  /** Units without results, for steps that tolerate gaps. */
  readonly gaps: readonly UnitGap[];
}

export interface StepOutput<Summary> extends ArtifactContent {
  /** For the steps that follow; files are for people and for large data. */
  readonly summary: Summary;
  /** Scan only: how many cases the data set has. */
  readonly caseCount?: number;
}

/** The unit was told to stop; its progress is saved. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Everything about a step, in one place: what the engine and the keys need to know of it, and its implementation. */
export interface StepDefinition<F extends FanOut, Settings extends object, Summary> {
  readonly name: string;
  readonly version: number;
  readonly does: string;
  readonly needs: readonly PipelineStep[];
  readonly fanOut: F;
  readonly queue: StepDeclaration['queue'];
  readonly toleratesGaps?: boolean;
  readonly always?: boolean;
  readonly startToCloseHours: number;
  readonly heartbeatSeconds: number;
  /**
   * Selects the settings that the step reads. `run` receives this selection and nothing else, and the key is computed
   * from it, so no setting can affect a result without being in its key.
   */
  readonly settings: (source: Sources[F]) => Settings;
  /** The schema of the summary, which is checked on every write and read. */
  readonly summary: z.ZodType<Summary>;
  /** Runs in its own process, because it computes for long and the worker must keep answering the engine. */
  readonly ownProcess?: boolean;
  /** TensorFlow's settings, for a step that computes with it. */
  readonly numerics?: (settings: Settings) => ComputeNumerics;
  readonly run: (work: StepWork<F, Settings>) => Promise<StepOutput<Summary>>;
  /** Called once the result is durable. */
  readonly afterwards?: (work: { readonly key: string; readonly folder: DataFolder }) => Promise<void>;
}

/** A step as everything else sees it; `Summary` is the type of its summaries. */
export interface PipelineStep<Summary = unknown> extends StepDeclaration {
  readonly ownProcess: boolean;
  readonly summary: z.ZodType<Summary>;
  /** The settings of a unit; their digest is part of its key. */
  settingsAt(content: SweepContent, coordinates: UnitCoordinates): object;
  /** TensorFlow's settings for a unit; undefined if it does not use TensorFlow. */
  numericsAt(content: SweepContent, coordinates: UnitCoordinates): ComputeNumerics | undefined;
  run(
    work: { readonly request: StepRequest; readonly content: SweepContent; readonly inputs: StepInputs },
    surroundings: Surroundings,
  ): Promise<StepOutput<Summary>>;
  afterwards(work: { readonly key: string; readonly folder: DataFolder }): Promise<void>;
}

/** The type of a step's summaries. */
export type SummaryOf<Step> = Step extends PipelineStep<infer Summary> ? Summary : never;

/** The number of retryable failures of a unit's own work at which it is given up. */
const attempts = 3;

export function defineStep<F extends FanOut, Settings extends object, Summary>(
  definition: StepDefinition<F, Settings, Summary>,
): PipelineStep<Summary> {
  const { settings, numerics, run, afterwards, needs, ...declared } = definition;
  const settingsAt = (content: SweepContent, coordinates: UnitCoordinates): Settings =>
    settings(sourceOf[definition.fanOut](content, coordinates));
  return {
    ...{ toleratesGaps: false, always: false, ownProcess: false, attempts },
    ...declared,
    // What reads the outside world has no key that another sweep could share.
    shared: declared.always !== true,
    needs: needs.map(({ name }) => name),
    settingsAt,
    numericsAt: (content, coordinates) => numerics?.(settingsAt(content, coordinates)),
    run: ({ request: { coordinates, key, gaps }, content, inputs }, surroundings) =>
      run({
        ...surroundings,
        settings: settingsAt(content, coordinates),
        place: placeOf[definition.fanOut](coordinates),
        ...{ key, inputs, gaps },
      }),
    afterwards: async (work) => afterwards?.(work),
  };
}

/** The part of a step's declaration that the engine receives. */
export function declarationOf(step: PipelineStep): StepDeclaration {
  const { name, version, does, needs, fanOut, queue, toleratesGaps, always, shared } = step;
  const { startToCloseHours, heartbeatSeconds } = step;
  const limits = { startToCloseHours, heartbeatSeconds, attempts: step.attempts };
  return { name, version, does, needs, fanOut, queue, toleratesGaps, always, shared, ...limits };
}
