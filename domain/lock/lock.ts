import type { EvaluationGrid } from '../evaluate/evaluation-row.js';
import { lossName, type LossChoice } from '../training/losses/loss-choice.js';

/** What decides a sweep's numbers and how they are judged. */
export interface Frozen {
  /** All settings but arms, tests and the places of data sets' files, of which `data` tells; data sets by name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Such as `unet/sd`. */
  readonly arms: readonly string[];
  /** How volume errors and differences are tested. */
  readonly tests: Readonly<Record<string, unknown>>;
  readonly primaryOutcome: PrimaryOutcome;
  /** By data set; null if it was not there. */
  readonly data: Readonly<Record<string, FrozenData | null>>;
  /** By data set; null if it was not there. */
  readonly splits: Readonly<Record<string, FrozenSplit | null>>;
  /** The version of each step of the pipeline. */
  readonly steps: Readonly<Record<string, number>>;
}

/** A sweep as it was planned before its results were seen. */
export interface Lock extends Frozen {
  readonly version: 1;
  /** The name of the config. */
  readonly name: string;
  /** UTC. */
  readonly lockedAt: string;
}

/** The question that a sweep answers first: the mean of a measure, or its difference between two losses of a model. */
export interface PrimaryOutcome {
  readonly measure: 'volumeError';
  readonly grid: EvaluationGrid;
  /** Paired by case: the first loss minus the second. null with one loss: the mean against 0. */
  readonly difference: readonly [loss: string, reference: string] | null;
}

/** The digest of the scan's result, which lists the SHA-256 of each file. */
export interface FrozenData {
  readonly digest: string;
  readonly cases: number;
  readonly files: number;
}

/** The digest of the split's result, which lists the cases of each fold, and their numbers. */
export interface FrozenSplit {
  readonly digest: string;
  readonly cases: readonly number[];
}

/** The parts of a config that a lock is derived from. */
export interface LockableConfig {
  readonly name: string;
  readonly dataSets: readonly { readonly name: string }[];
  readonly arms: { readonly models: readonly string[]; readonly losses: readonly LossChoice[] };
  readonly evaluation: { readonly grid: EvaluationGrid };
  readonly statistics: Readonly<Record<string, unknown>>;
}

/** The settings of where a data set's files are. */
export const placesOfDataSet: readonly string[] = ['path', 'images', 'masks', 'participants'];

/** What a config freezes, with what is known of its data sets. */
export function frozenOf(config: LockableConfig, found: Pick<Frozen, 'data' | 'splits' | 'steps'>): Frozen {
  const { name: _, dataSets, arms, statistics, ...others } = config;
  const losses = arms.losses.map(lossName);
  const bySet = dataSets.map(({ name, ...settings }) => [name, without(settings, ...placesOfDataSet)] as const);
  return {
    settings: { ...without(others, '$schema'), dataSets: Object.fromEntries(bySet) },
    arms: arms.models.flatMap((model) => losses.map((loss) => `${model}/${loss}`)),
    tests: statistics,
    primaryOutcome: { measure: 'volumeError', grid: config.evaluation.grid, difference: primaryPair(losses) },
    ...found,
  };
}

/** Soft Dice minus cross-entropy, the paper's question; without them, the second loss minus the first. */
function primaryPair(losses: readonly string[]): readonly [string, string] | null {
  const [first, second] = losses;
  if (losses.includes('sd') && losses.includes('ce')) return ['sd', 'ce'];
  return first === undefined || second === undefined ? null : [second, first];
}

function without(settings: object, ...left: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !left.includes(name)));
}
