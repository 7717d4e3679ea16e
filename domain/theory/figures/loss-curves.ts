import { expectedTruthVolume, predictedVolume } from '../analysis/laws/outcome-law.js';
import { regionLaw } from '../analysis/laws/region-law.js';
import { allLosses } from '../analysis/losses/all-losses.js';
import type { LossSettings } from '../analysis/losses/loss-settings.js';
import { softDice } from '../analysis/losses/ratio-loss.js';
import { minimiseWithOnePrediction, type TheoryLoss } from '../analysis/losses/theory-loss.js';
import { batchedRegions, paperRegions, separateRegions, type Region } from '../analysis/region.js';
import { figure1Values } from './figure-1-data.js';

/** Volume bias of a loss's minimiser against p in the paper's setting, in units of the certain core's volume. */
export interface BiasCurve {
  /** What this part of the figure compares. */
  readonly part: 'losses' | 'predictions' | 'batches';
  readonly volumeRatio: number;
  readonly label: string;
  readonly probabilities: readonly number[];
  readonly biases: readonly number[];
}

interface LossCurvesRequest {
  /** N for every curve. */
  readonly regions: number;
  readonly volumeRatios: readonly number[];
  readonly points: number;
  readonly settings: LossSettings;
  readonly batches: readonly number[];
}

/** The values of N, μ and B in the figure of the losses. */
export const lossFigureValues = {
  regions: 4,
  volumeRatios: figure1Values.volumeRatios,
  points: 101,
  batches: [1, 4, 16, 64],
} as const;

/** Range of the log odds around p of the graded regions' probabilities: evenly spaced from −2 to 2. */
const gradedLogOdds = 2;

/**
 * Bias curves of every loss with one p̂ for all uncertain regions; of soft Dice with one p̂ and with a p̂ per region,
 * both for alike regions and for regions whose probabilities are graded around p; and of batch soft Dice.
 */
export function lossCurves(request: LossCurvesRequest): BiasCurve[] {
  const { regions: n, points, settings } = request;
  const probabilities = Array.from({ length: points }, (_, i) => i / (points - 1));
  const curve = (
    part: BiasCurve['part'],
    volumeRatio: number,
    label: string,
    biasAt: (probability: number) => number,
  ): BiasCurve => ({ part, volumeRatio, label, probabilities, biases: probabilities.map(biasAt) });
  const dice = softDice();

  return request.volumeRatios.flatMap((mu) => {
    const one = (loss: TheoryLoss) => (p: number) => biasOf(loss, paperRegions(mu, n, p), 'one');
    return [
      ...allLosses({ ...settings, batches: [] }).map((loss) => curve('losses', mu, loss.title, one(loss))),
      curve('predictions', mu, 'alike, one p̂', one(dice)),
      curve('predictions', mu, 'alike, own p̂', (p) => biasOf(dice, alikeRegions(mu, n, p), 'own')),
      curve('predictions', mu, 'graded, one p̂', (p) => biasOf(dice, gradedRegions(mu, n, p), 'one')),
      curve('predictions', mu, 'graded, own p̂', (p) => biasOf(dice, gradedRegions(mu, n, p), 'own')),
      ...request.batches.map((batch) => curve('batches', mu, `batch of ${batch}`, one(softDice({ batch })))),
    ];
  });
}

function biasOf(loss: TheoryLoss, regions: readonly Region[], predictions: 'one' | 'own'): number {
  const law = regionLaw(batchedRegions(regions, loss.batch), { needsOverlaps: loss.needsOverlaps });
  const minimiser = predictions === 'one' ? minimiseWithOnePrediction(loss, law) : loss.minimise(law);
  return predictedVolume(law, minimiser.predictions) - expectedTruthVolume(law);
}

function alikeRegions(volumeRatio: number, n: number, probability: number): Region[] {
  return separateRegions(volumeRatio, n, () => probability);
}

function gradedRegions(volumeRatio: number, n: number, probability: number): Region[] {
  const odds = probability / (1 - probability);
  return separateRegions(volumeRatio, n, (j) => {
    if (probability === 0 || probability === 1) return probability;
    const shifted = odds * Math.exp(n === 1 ? 0 : gradedLogOdds * ((2 * j) / (n - 1) - 1));
    return shifted / (1 + shifted);
  });
}

/** The curves as CSV, one row per point. */
export function lossCurvesCsv(curves: readonly BiasCurve[]): string {
  const rows = curves.flatMap(({ part, volumeRatio, label, probabilities, biases }) =>
    probabilities.map(
      (p, i) => `${part},${volumeRatio},"${label}",${p},${Number((biases[i] as number).toPrecision(10))}`,
    ),
  );
  return ['part,mu,curve,p,volumeBias', ...rows, ''].join('\n');
}
