import type { z } from 'zod';

import type { DataSetConfig } from '../configs/config-schema.js';
import type { StepRequest } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import type { FanOut, StepDeclaration } from '../contracts/step-declaration.js';
import type { UnitGap } from '../contracts/sweep.js';
import type { UnitCoordinates } from '../domain/plan/units.js';
import type { ModelName } from '../domain/training/networks/network.js';
import type { LossName } from '../domain/training/training-settings.js';
import type { ComputeNumerics } from '../storage/machine/compute-environment.js';
import type { NumericEnvironment } from '../storage/machine/runtime-record.js';
import type { ArtifactContent, ArtifactStore } from '../storage/store/artifact-store.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import type { LineageLog } from '../storage/store/lineage-log.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import type { DataSetLocation } from '../storage/sweeps/sweep-records.js';
import type { StepInputs } from './step-inputs.js';
import { placeOf, sourceOf } from './unit-sources.js';

/** What settings are selected from, by the fan-out of the step. */
export interface Sources {
  readonly sweep: SweepContent;
  readonly dataSet: SweepContent & { readonly dataSet: DataSetConfig };
  readonly shard: SweepContent & { readonly dataSet: DataSetConfig };
  readonly armFold: SweepContent & { readonly dataSet: DataSetConfig; readonly arm: Arm };
}

export interface Arm {
  readonly model: ModelName;
  readonly loss: LossName;
}

/** Where a unit stands, as far as its key says: the data set's name is not in it, unless the settings have it. */
export interface Places {
  readonly sweep: object;
  readonly dataSet: object;
  readonly shard: { readonly shard: number };
  readonly armFold: Arm & { readonly fold: number; readonly repeat: number };
}

/** What surrounds a unit and changes no result, so that it is in no key. */
export interface Surroundings {
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
  readonly folder: DataFolder;
  /** The numeric environment of this machine, for the lineage. */
  readonly environment: NumericEnvironment;
  /** Where the files of the unit's data set lie; their bytes are in the keys. */
  readonly location: DataSetLocation;
  readonly checkpointMinutes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Omit<JobProgress, 'unit'>) => void;
}

/** What a unit's implementation is handed: its settings, and never the config. */
export interface StepWork<F extends FanOut, Settings> extends Surroundings {
  readonly settings: Settings;
  readonly place: Places[F];
  readonly key: string;
  readonly inputs: StepInputs;
  /** Units without results, for steps that tolerate gaps. */
  readonly gaps: readonly UnitGap[];
}

export interface StepOutput<Summary> extends ArtifactContent {
  /** For the steps that follow; files are for people, and for what is large. */
  readonly summary: Summary;
  /** Scan only: how many cases the data set has. */
  readonly caseCount?: number;
}

/** The unit was told to end; what it had done is saved. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** A step, declared in one place: what the engine and the keys need to know of it, and how it works. */
export interface StepDefinition<F extends FanOut, Settings extends object, Summary> {
  readonly name: string;
  readonly version: number;
  readonly does: string;
  readonly needs: readonly PipelineStep[];
  readonly fanOut: F;
  readonly queue: StepDeclaration['queue'];
  readonly toleratesGaps?: boolean;
  readonly always?: boolean;
  readonly shared?: boolean;
  readonly startToCloseHours: number;
  readonly heartbeatSeconds: number;
  /**
   * Selects the settings that the step reads. What it selects is what `run` is handed and what the key is made of, so
   * that no setting can steer a result without being in its key.
   */
  readonly settings: (source: Sources[F]) => Settings;
  /** The form of the summary, checked when it is written and whenever it is read. */
  readonly summary: z.ZodType<Summary>;
  /** It computes for long: in a process of its own, so that the worker keeps answering the engine. */
  readonly ownProcess?: boolean;
  /** How it computes, if it does with TensorFlow. */
  readonly numerics?: (settings: Settings) => ComputeNumerics;
  readonly run: (work: StepWork<F, Settings>) => Promise<StepOutput<Summary>>;
  /** Called when the result is durable. */
  readonly afterwards?: (work: { readonly key: string; readonly folder: DataFolder }) => Promise<void>;
}

/** A step as everybody but itself sees it; `Summary` is what its artifacts say. */
export interface PipelineStep<Summary = unknown> extends StepDeclaration {
  readonly ownProcess: boolean;
  readonly summary: z.ZodType<Summary>;
  /** The settings of a unit; its key has their digest. */
  settingsAt(content: SweepContent, coordinates: UnitCoordinates): object;
  /** How a unit computes with TensorFlow; undefined where it does not. */
  numericsAt(content: SweepContent, coordinates: UnitCoordinates): ComputeNumerics | undefined;
  run(
    work: { readonly request: StepRequest; readonly content: SweepContent; readonly inputs: StepInputs },
    surroundings: Surroundings,
  ): Promise<StepOutput<Summary>>;
  afterwards(work: { readonly key: string; readonly folder: DataFolder }): Promise<void>;
}

/** What the artifacts of a step say. */
export type SummaryOf<Step> = Step extends PipelineStep<infer Summary> ? Summary : never;

/** Failures of a unit's own work, of a kind that may pass, before it is given up. */
const attempts = 3;

export function defineStep<F extends FanOut, Settings extends object, Summary>(
  definition: StepDefinition<F, Settings, Summary>,
): PipelineStep<Summary> {
  const { settings, numerics, run, afterwards, needs, ...declared } = definition;
  const settingsAt = (content: SweepContent, coordinates: UnitCoordinates): Settings =>
    settings(sourceOf[definition.fanOut](content, coordinates));
  return {
    ...{ toleratesGaps: false, always: false, shared: false, ownProcess: false, attempts },
    ...declared,
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

/** The part of a step's declaration that the engine is told. */
export function declarationOf(step: PipelineStep): StepDeclaration {
  const { name, version, does, needs, fanOut, queue, toleratesGaps, always, shared } = step;
  const { startToCloseHours, heartbeatSeconds } = step;
  const limits = { startToCloseHours, heartbeatSeconds, attempts: step.attempts };
  return { name, version, does, needs, fanOut, queue, toleratesGaps, always, shared, ...limits };
}
