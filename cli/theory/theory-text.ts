import type { LossAnalysis, LossOutcome, RegionAnalysis } from '../../domain/theory/analysis/analyse-losses.js';
import type { ExpertAgreement } from '../../domain/theory/analysis/expert-agreement.js';
import type { Figure1Data } from '../../domain/theory/figures/figure-1-data.js';
import type { SymmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';
import type { VolumeUnit } from '../../domain/evaluate/voxel-size.js';
import { capitalised, withUnit } from '../../domain/report/words/format-number.js';
import { textTable } from '../terminal/table.js';

const maxPredictionsShown = 8;

/** Minimisers are found up to rounding: a smaller share of the uncertain volume is no bias. */
const roundingShare = 1e-12;

/** Significant digits, so that no number but 0 is shown as 0. */
function shown(value: number, digits = 5): string {
  return value === 0 ? '0' : value.toPrecision(digits);
}

function signed(value: number, digits = 5): string {
  return value > 0 ? `+${shown(value, digits)}` : shown(value, digits);
}

/** `0.24874 ± 4e-4`; without the error if there is none. */
function withError(value: number, standardError: number): string {
  return standardError > 0 ? `${shown(value)} ± ${standardError.toExponential(0)}` : shown(value);
}

/** Table of p* for each N and μ of Fig. 1. */
export function switchTable({ panels, switchProbabilityLimits }: Figure1Data): string {
  const ratios = [...new Set(panels.map((panel) => panel.volumeRatio))];
  const counts = [...new Set(panels.map((panel) => panel.regions))];
  const rows = counts.map((regions) => [
    String(regions),
    ...panels.filter((panel) => panel.regions === regions).map((panel) => panel.switchProbability.toFixed(4)),
  ]);
  const limits = ['∞', ...switchProbabilityLimits.map((limit) => limit.toFixed(4))];
  const title = 'Soft Dice predicts all of the uncertain volume if p is above p*, and none of it if p is below:';
  return `${title}\n${textTable(['N', ...ratios.map((ratio) => `p* at μ = ${ratio}`)], [...rows, limits])}`;
}

/** Optimum of a symmetric case with uncertain volume μ and probability p, with the switch probabilities p* for its N and for infinitely many regions. */
export interface SymmetricAnswer extends SymmetricOptimum {
  readonly mu: number;
  readonly p: number;
  readonly switchProbability: number;
  readonly switchProbabilityLimit: number;
}

export function symmetricText({ mu, p, tie, ...optimum }: SymmetricAnswer): string {
  const predicts = tie ? 'a tie: p̂ = 0 and p̂ = 1 have the same risk' : `p̂ = ${optimum.optimalPrediction}`;
  const bias = tie ? `${signed(-mu * p)} or ${signed(mu * (1 - p))}` : signed(optimum.volumeBias);
  const [at, limit] = [shown(optimum.switchProbability, 6), shown(optimum.switchProbabilityLimit, 6)];
  return [
    `switch probability p* ${at} (N → ∞: ${limit})`,
    `soft Dice predicts    ${predicts}`,
    `volume bias ΔV        ${bias} (in units of the certain core)`,
    `risk                  ${shown(optimum.risk, 6)}`,
  ].join('\n');
}

/** One table for each assumption on what a network can predict, or a single table if both give the same. */
export function analysisText(analysis: RegionAnalysis, unit?: VolumeUnit): string {
  const inUnit = (volume: string): string => (unit === undefined ? volume : withUnit(volume, unit));
  const [truth, uncertain] = [analysis.truthVolume, analysis.uncertainVolume].map((volume) => inUnit(shown(volume)));
  const head = `expected volume V(Y) ${truth}; uncertain regions have ${uncertain} in all`;
  const own = lossTable(analysis, (loss) => loss.ownPrediction, inUnit);
  const one = lossTable(analysis, (loss) => loss.onePrediction, inUnit);
  const parts =
    own === one ? [own] : [`\nOne p̂ for each region:\n${own}`, `\nOne p̂ for all uncertain regions:\n${one}`];
  return [head, ...parts, ...footnotes(analysis.losses)].join('\n');
}

function lossTable(
  { losses, uncertainVolume }: RegionAnalysis,
  outcomeOf: (loss: LossAnalysis) => LossOutcome,
  inUnit: (volume: string) => string,
): string {
  const head = ['loss', 'p̂ of each region', 'V(Ŷ)', 'ΔV', 'ΔV %', 'Dice', 'soft Dice', 'risk'];
  const rows = losses.map((loss) => {
    const outcome = outcomeOf(loss);
    const isUnbiased = Math.abs(outcome.volumeBias) <= roundingShare * uncertainVolume;
    const bias = (value: number, digits: number): string => (isUnbiased ? '0' : signed(value, digits));
    return [
      `${loss.title}${outcome.tie ? ' (tie)' : ''}${outcome.certified ? '' : ' ¹'}`,
      predictionsText(outcome.predictions),
      shown(outcome.predictedVolume),
      bias(outcome.volumeBias, 5),
      outcome.relativeBias === null ? 'n/a' : bias(100 * outcome.relativeBias, 3),
      withError(outcome.expectedDice, outcome.diceStandardError),
      withError(outcome.expectedSoftDice, outcome.softDiceStandardError),
      withError(outcome.risk, outcome.riskStandardError),
    ];
  });
  const meaning = losses
    .filter(({ loss }) => ['crossEntropy', 'softDice'].includes(loss))
    .map((loss, index) => {
      const does = meaningOf(outcomeOf(loss), { uncertainVolume, inUnit });
      return `with ${loss.title}, ${index === 0 ? 'a perfect network' : 'it'} ${does}`;
    });
  return [textTable(head, rows), ...(meaning.length > 0 ? [`${capitalised(meaning.join('; '))}.`] : [])].join('\n');
}

/** `would overestimate the volume by 1.2 ml (8 %)`. */
function meaningOf(
  { volumeBias, relativeBias, tie }: LossOutcome,
  { uncertainVolume, inUnit }: { readonly uncertainVolume: number; readonly inUnit: (volume: string) => string },
): string {
  if (Math.abs(volumeBias) <= roundingShare * uncertainVolume) return 'would be right on average';
  const verb = volumeBias > 0 ? 'overestimate' : 'underestimate';
  const size = relativeBias === null ? '' : ` (${Number(shown(Math.abs(100 * relativeBias), 2))} %)`;
  const alternative = tie ? ', or predict a larger one at the same risk' : '';
  return `would ${verb} the volume by ${inUnit(shown(Math.abs(volumeBias), 3))}${size}${alternative}`;
}

function predictionsText(predictions: readonly number[]): string {
  const shown = predictions.slice(0, maxPredictionsShown).map((q) => String(Number(q.toPrecision(3))));
  return predictions.length > maxPredictionsShown ? `${shown.join(' ')} … (${predictions.length})` : shown.join(' ');
}

function footnotes(losses: readonly LossAnalysis[]): string[] {
  const outcomes = losses.flatMap(({ ownPrediction, onePrediction }) => [ownPrediction, onePrediction]);
  const tied = outcomes.some(({ tie }) => tie);
  const sampled = losses.some(({ law }) => law === 'sampled');
  return [
    'Dice is computed on the map p̂ > ½; V(Ŷ) is the sum of p̂.',
    ...(tied ? ['tie: a larger prediction has the same risk; this is the smaller one'] : []),
    ...(outcomes.some(({ certified }) => !certified)
      ? ['¹ best result of a local search from many starting points; not proven to be the minimum']
      : []),
    ...(sampled
      ? [
          '± standard error: too many unlike regions to enumerate, so the outcomes were sampled; ' +
            'the prediction is the best for the sample',
        ]
      : []),
  ];
}

export function agreementText(agreement: ExpertAgreement, unit: VolumeUnit): string {
  const volumes = agreement.volumes.map((volume) => shown(volume, 4)).join(', ');
  return [
    `experts                 ${agreement.experts}`,
    `volumes                 ${withUnit(volumes, unit)} (mean ${shown(agreement.meanVolume, 4)})`,
    `expected pairwise Dice  ${shown(agreement.expectedPairwiseDice)}`,
    `uncertain volume        ${shown(agreement.uncertainVolume, 4)} of ${withUnit(shown(agreement.unionVolume, 4), unit)}`,
    `mean entropy in union   ${shown(agreement.meanEntropyBits)} bits per voxel`,
  ].join('\n');
}
