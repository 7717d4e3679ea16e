import type { SweepSpecification } from '../contracts/activities.js';
import { generation } from '../contracts/generation.js';
import { digestOfJson } from '../domain/plan/key.js';
import { parameterName, planUnits } from '../domain/plan/units.js';
import { lossName } from '../domain/training/losses/loss-choice.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import { compare } from './compare.js';
import { evaluate } from './evaluate.js';
import { join } from './join.js';
import { preprocess } from './preprocess.js';
import { report } from './report.js';
import { scan } from './scan.js';
import { split } from './split.js';
import { statistics } from './statistics.js';
import { declarationOf, type PipelineStep } from './step.js';
import { train } from './train.js';

/** The steps, each after those it needs. `plan`, the workflows, keys, lineage and README's diagram derive from it. */
export const pipeline: readonly PipelineStep[] = [
  scan,
  preprocess,
  statistics,
  split,
  train,
  evaluate,
  join,
  compare,
  report,
];

/**
 * Programs of one release resume each other's sweeps: they replay the same workflows and declare the same steps with the
 * same versions, so equal keys mean equal work. Under another release, a sweep begins anew: it takes from the store
 * every result whose key is the same.
 */
export const release = `${generation}-${digestOfJson(pipeline.map(declarationOf)).slice(0, 10)}`;

export function stepNamed(name: string): PipelineStep {
  const step = pipeline.find((candidate) => candidate.name === name);
  if (step === undefined) throw new Error(`no step named ${name}`);
  return step;
}

/** What the plan and the workflows know of a sweep: steps, names and digests. */
export function specificationOf(content: SweepContent): SweepSpecification {
  const { arms, dataSets, split: folding, training } = content.config;
  const names = dataSets.map(({ name }) => name);
  const named = { models: arms.models, losses: arms.losses.map(lossName) };
  const shape = { ...named, folds: 1, dataSets: names.map((name) => ({ name, shards: 1 })) };
  const parameters: Record<string, Record<string, string>> = {};
  for (const { step, coordinates } of planUnits(pipeline, shape)) {
    const ofDataSet = (parameters[coordinates.dataSet ?? ''] ??= {});
    const settings = stepNamed(step).settingsAt(content, coordinates);
    ofDataSet[parameterName(step, coordinates)] = digestOfJson(settings);
  }
  const { repeats } = training;
  const counts = { folds: folding.folds, ...(repeats !== undefined && { repeats }) };
  return { steps: pipeline.map(declarationOf), dataSets: names, ...named, ...counts, parameters };
}
