import {
  expectedTruthVolume,
  predictedVolume,
  uncertainVolume,
  type LawMethod,
  type OutcomeLaw,
} from './laws/outcome-law.js';
import { alikeTogether, regionLaw, type RegionLawOptions } from './laws/region-law.js';
import { allLosses } from './losses/all-losses.js';
import type { LossSettings } from './losses/loss-settings.js';
import { softDice } from './losses/ratio-loss.js';
import { minimiseWithOnePrediction, riskStandardError, type Minimiser, type TheoryLoss } from './losses/theory-loss.js';
import { assertRegions, batchedRegions, type Region } from './region.js';

/** Outcome of a minimum-risk prediction, in the unit of the regions' volumes. */
export interface LossOutcome {
  /** p̂ per region, in the order given; the mean over alike regions, whose predictions may differ. */
  readonly predictions: readonly number[];
  readonly risk: number;
  /** 0 unless the risk was estimated by sampling. */
  readonly riskStandardError: number;
  /** E[Dice] of the map ŷ > ½. Eq. 1. */
  readonly expectedDice: number;
  /** E[soft Dice score] of the map itself. Eq. 6. */
  readonly expectedSoftDice: number;
  /** Of the two scores; 0 unless they were estimated by sampling. */
  readonly diceStandardError: number;
  readonly softDiceStandardError: number;
  readonly predictedVolume: number;
  /** Volume of the map ŷ > ½. */
  readonly thresholdedVolume: number;
  /** ΔV = V(Ŷ) − V(Y). */
  readonly volumeBias: number;
  /** ΔV / V(Y); null where V(Y) is 0. */
  readonly relativeBias: number | null;
  /** True if the minimum is proven; false after a local search. */
  readonly certified: boolean;
  /** True if a prediction of another volume has the same risk; this is then the smaller one. */
  readonly tie: boolean;
}

/** One loss under both assumptions about what a network can predict. */
export interface LossAnalysis {
  readonly loss: string;
  readonly title: string;
  readonly law: LawMethod;
  /** Each region has its own p̂. */
  readonly ownPrediction: LossOutcome;
  /** All uncertain regions share one p̂, because the network cannot distinguish them. */
  readonly onePrediction: LossOutcome;
}

export interface RegionAnalysis {
  /** V(Y) = Σ s_j p_j. Eq. 7. */
  readonly truthVolume: number;
  /** Volume of the regions that are neither certainly inside nor certainly outside. */
  readonly uncertainVolume: number;
  readonly losses: readonly LossAnalysis[];
}

/**
 * For each loss: the minimum-risk prediction over independent regions and its effect on Dice and volume. Groups alike
 * regions; uses, for each loss, the best law that the loss allows.
 */
export function analyseRegions(
  regions: readonly Region[],
  settings: LossSettings,
  options: Pick<RegionLawOptions, 'seed'> = {},
): RegionAnalysis {
  assertRegions(regions);
  const { groups, groupOf } = alikeTogether(regions);
  const laws = new Map<string, OutcomeLaw>();
  const lawOf = ({ batch, needsOverlaps }: Pick<TheoryLoss, 'batch' | 'needsOverlaps'>): OutcomeLaw => {
    const key = `${batch}:${needsOverlaps}`;
    const law = laws.get(key) ?? regionLaw(batchedRegions(groups, batch), { ...options, needsOverlaps });
    laws.set(key, law);
    return law;
  };
  const score = lawOf({ batch: 1, needsOverlaps: false });
  return {
    truthVolume: expectedTruthVolume(score),
    uncertainVolume: uncertainVolume(score),
    losses: allLosses(settings).map((loss) => analyseLoss(loss, lawOf(loss), score, groupOf)),
  };
}

/** `analyseRegions` for a given law, such as that of several experts. Omits batch losses, which need regions. */
export function analyseLaw(law: OutcomeLaw, settings: LossSettings): RegionAnalysis {
  const groups = Array.from(law.groupVolumes.keys());
  return {
    truthVolume: expectedTruthVolume(law),
    uncertainVolume: uncertainVolume(law),
    losses: allLosses({ ...settings, batches: [] }).map((loss) => analyseLoss(loss, law, law, groups)),
  };
}

function analyseLoss(loss: TheoryLoss, law: OutcomeLaw, score: OutcomeLaw, groupOf: readonly number[]): LossAnalysis {
  const outcome = (minimiser: Minimiser): LossOutcome => ({
    ...describePrediction(score, minimiser.predictions),
    predictions: groupOf.map((g) => minimiser.predictions[g] as number),
    risk: minimiser.risk,
    riskStandardError: riskStandardError(loss, law, minimiser.predictions),
    certified: minimiser.certified,
    tie: minimiser.tie,
  });
  return {
    loss: loss.name,
    title: loss.title,
    law: law.method,
    ownPrediction: outcome(loss.minimise(law)),
    onePrediction: outcome(minimiseWithOnePrediction(loss, law)),
  };
}

/** Volumes and scores of a prediction; the relative bias is null if the expected volume is 0. */
function describePrediction(
  law: OutcomeLaw,
  predictions: Float64Array,
): Omit<LossOutcome, 'predictions' | 'risk' | 'riskStandardError' | 'certified' | 'tie'> {
  const thresholded = predictions.map((q) => (q > 0.5 ? 1 : 0));
  const truth = expectedTruthVolume(law);
  // Not predicted − truth: beside a large core the difference would be lost to rounding.
  const volumeBias = predictedVolume(
    law,
    predictions.map((q, g) => q - (law.groupProbabilities[g] as number)),
  );
  const dice = softDice();
  return {
    expectedDice: 1 - dice.risk(law, thresholded),
    expectedSoftDice: 1 - dice.risk(law, predictions),
    diceStandardError: riskStandardError(dice, law, thresholded),
    softDiceStandardError: riskStandardError(dice, law, predictions),
    predictedVolume: predictedVolume(law, predictions),
    thresholdedVolume: predictedVolume(law, thresholded),
    volumeBias,
    relativeBias: truth > 0 ? volumeBias / truth : null,
  };
}
