import type { LossAnalysis, LossOutcome, RegionAnalysis } from '../../domain/theory/analysis/analyse-losses.js';
import type { ExpertAgreement } from '../../domain/theory/analysis/expert-agreement.js';
import type { Figure1Data } from '../../domain/theory/figures/figure-1-data.js';
import type { SymmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';
import { textTable } from '../terminal/table.js';

const maxPredictionsShown = 8;

function fixed(value: number, digits = 4): string {
  return value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1');
}

function signed(value: number, digits = 4): string {
  const text = fixed(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Table of p* for each N and μ of Fig. 1. */
export function switchTable({ panels, switchProbabilityLimits }: Figure1Data): string {
  const ratios = [...new Set(panels.map((panel) => panel.volumeRatio))];
  const counts = [...new Set(panels.map((panel) => panel.regions))];
  const rows = counts.map((regions) => [
    String(regions),
    ...panels.filter((panel) => panel.regions === regions).map((panel) => fixed(panel.switchProbability)),
  ]);
  const limits = ['∞', ...switchProbabilityLimits.map((limit) => fixed(limit))];
  const title = 'Soft Dice predicts all of the uncertain volume if p is above p*, and none of it if p is below:';
  return `${title}\n${textTable(['N', ...ratios.map((ratio) => `p* at μ = ${ratio}`)], [...rows, limits])}`;
}

/** Optimum of a symmetric case, with the switch probabilities p* for its N and for infinitely many regions. */
export interface SymmetricAnswer extends SymmetricOptimum {
  readonly switchProbability: number;
  readonly switchProbabilityLimit: number;
}

export function symmetricText(optimum: SymmetricAnswer): string {
  return [
    `switch probability p* ${fixed(optimum.switchProbability, 6)} (N → ∞: ${fixed(optimum.switchProbabilityLimit, 6)})`,
    `soft Dice predicts    p̂ = ${optimum.optimalPrediction}`,
    `volume bias ΔV        ${signed(optimum.volumeBias)} (in units of the certain core)`,
    `risk                  ${fixed(optimum.risk, 6)}`,
  ].join('\n');
}

/** One table for each assumption on what a network can predict, or a single table if both give the same. */
export function analysisText(analysis: RegionAnalysis, unit: string): string {
  const inUnit = unit === '' ? '' : ` ${unit}`;
  const head = `expected volume V(Y) ${fixed(analysis.truthVolume)}${inUnit}, of uncertain regions ${fixed(analysis.uncertainVolume)}${inUnit}`;
  const own = lossTable(analysis.losses, (loss) => loss.ownPrediction);
  const one = lossTable(analysis.losses, (loss) => loss.onePrediction);
  const parts =
    own === one ? [own] : [`\nOne p̂ for each region:\n${own}`, `\nOne p̂ for all uncertain regions:\n${one}`];
  return [head, ...parts, ...footnotes(analysis.losses)].join('\n');
}

function lossTable(losses: readonly LossAnalysis[], outcomeOf: (loss: LossAnalysis) => LossOutcome): string {
  const head = ['loss', 'p̂ of each region', 'V(Ŷ)', 'ΔV', 'ΔV %', 'Dice', 'soft Dice', 'risk'];
  const rows = losses.map((loss) => {
    const outcome = outcomeOf(loss);
    const error = outcome.riskStandardError > 0 ? ` ± ${outcome.riskStandardError.toExponential(0)}` : '';
    return [
      `${loss.title}${outcome.certified ? '' : ' ¹'}`,
      predictionsText(outcome.predictions),
      fixed(outcome.predictedVolume),
      signed(outcome.volumeBias),
      outcome.relativeBias === null ? 'n/a' : signed(100 * outcome.relativeBias, 1),
      fixed(outcome.expectedDice),
      fixed(outcome.expectedSoftDice),
      `${fixed(outcome.risk)}${error}`,
    ];
  });
  return textTable(head, rows);
}

function predictionsText(predictions: readonly number[]): string {
  const shown = predictions.slice(0, maxPredictionsShown).map((q) => String(Number(q.toFixed(3))));
  return predictions.length > maxPredictionsShown ? `${shown.join(' ')} … (${predictions.length})` : shown.join(' ');
}

function footnotes(losses: readonly LossAnalysis[]): string[] {
  const uncertified = losses.some((loss) => !loss.ownPrediction.certified || !loss.onePrediction.certified);
  const sampled = losses.some((loss) => loss.law === 'sampled');
  return [
    'Dice is computed on the map p̂ > ½; V(Ŷ) is the sum of p̂.',
    ...(uncertified ? ['¹ best result of a local search from many starting points; not proven to be the minimum'] : []),
    ...(sampled ? ['± standard error: too many unlike regions to enumerate, so the outcomes were sampled'] : []),
  ];
}

export function agreementText(agreement: ExpertAgreement, unit: string): string {
  const volumes = agreement.volumes.map((volume) => fixed(volume, 3)).join(', ');
  return [
    `experts                 ${agreement.experts}`,
    `volumes                 ${volumes} ${unit} (mean ${fixed(agreement.meanVolume, 3)})`,
    `expected pairwise Dice  ${fixed(agreement.expectedPairwiseDice)}`,
    `uncertain volume        ${fixed(agreement.uncertainVolume, 3)} of ${fixed(agreement.unionVolume, 3)} ${unit}`,
    `mean entropy in union   ${fixed(agreement.meanEntropyBits)} bits per voxel`,
  ].join('\n');
}
