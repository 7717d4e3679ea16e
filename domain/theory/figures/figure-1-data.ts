import { switchProbability, switchProbabilityLimit } from '../analysis/switch-probability.js';
import { symmetricSoftDiceRisks, type SymmetricGeometry } from '../prediction/symmetric-case.js';

/** The paper's values of N, μ and p_β. Fig. 1. */
export const figure1Values = {
  regionCounts: [1, 4, 16],
  volumeRatios: [0.25, 1, 4],
  probabilities: [0, 0.25, 0.5, 0.75, 1],
} as const;

/** Soft Dice's risk over the grid of p̂ at one p_β, with the minimum-risk p̂ (two if both ends are equally good). */
export interface RiskCurve {
  readonly probability: number;
  readonly risks: Float64Array;
  readonly minima: readonly { readonly prediction: number; readonly risk: number }[];
}

/** One N and μ: columns 1-3 show its curves, column 4 its bias and error. */
export interface FigurePanel {
  readonly regions: number;
  readonly volumeRatio: number;
  readonly curves: readonly RiskCurve[];
  readonly switchProbability: number;
  /** ΔV in units of s_γ over the grid of p_β. */
  readonly volumeBias: Float64Array;
  /** p̂ − p over the grid of p_β. */
  readonly predictionError: Float64Array;
}

export interface Figure1Data {
  /** Shared grid of [0, 1], for p̂ in columns 1-3 and for p_β in column 4. */
  readonly grid: readonly number[];
  readonly panels: readonly FigurePanel[];
  /** p* of each μ as N → ∞. */
  readonly switchProbabilityLimits: readonly number[];
}

/** The data of Fig. 1, with `points` ≥ 2 points per curve. */
export function figure1Data(points: number): Figure1Data {
  const grid = Array.from({ length: points }, (_, i) => i / (points - 1));
  const panels = figure1Values.regionCounts.flatMap((regions) =>
    figure1Values.volumeRatios.map((volumeRatio) => figurePanel({ regions, volumeRatio, grid })),
  );
  return { grid, panels, switchProbabilityLimits: figure1Values.volumeRatios.map(switchProbabilityLimit) };
}

function figurePanel(panel: {
  readonly regions: number;
  readonly volumeRatio: number;
  readonly grid: readonly number[];
}): FigurePanel {
  const { regions, volumeRatio, grid } = panel;
  const geometry: SymmetricGeometry = { coreVolume: 1, uncertainVolume: volumeRatio, regions };
  const switchesAt = switchProbability(geometry);
  const predictionError = Float64Array.from(grid, (p) => (p > switchesAt + 1e-14 ? 1 : 0) - p);
  return {
    regions,
    volumeRatio,
    curves: figure1Values.probabilities.map((probability) => {
      const risks = symmetricSoftDiceRisks({ ...geometry, probability }, grid);
      return { probability, risks, minima: cornerMinima(risks) };
    }),
    switchProbability: switchesAt,
    predictionError,
    volumeBias: predictionError.map((error) => volumeRatio * error),
  };
}

/** The better corner, or both if they agree to 1e-14: by `ratioLoss` no other point can be the minimum. */
function cornerMinima(risks: Float64Array): RiskCurve['minima'] {
  const corners = [
    { prediction: 0, risk: risks[0] as number },
    { prediction: 1, risk: risks[risks.length - 1] as number },
  ];
  const least = Math.min(...corners.map((corner) => corner.risk));
  return corners.filter((corner) => corner.risk <= least + 1e-14);
}

/**
 * The data of Fig. 1 as CSV, one row per grid point: `x` is p̂ for the columns `sd…` (soft Dice's risk) and p_β for
 * `bias…` (in units of s_γ) and `error…`; ten significant digits.
 */
export function figure1Csv({ grid, panels }: Figure1Data): string {
  const columns: [string, ArrayLike<number>][] = panels.flatMap((panel) => {
    const place = `N=${panel.regions} mu=${panel.volumeRatio}`;
    return [
      ...panel.curves.map((curve): [string, ArrayLike<number>] => [`sd ${place} p=${curve.probability}`, curve.risks]),
      [`bias ${place}`, panel.volumeBias] as [string, ArrayLike<number>],
      [`error ${place}`, panel.predictionError] as [string, ArrayLike<number>],
    ];
  });
  const number = (value: number): string => String(Number(value.toPrecision(10)));
  const rows = grid.map((x, i) => [x, ...columns.map(([, values]) => values[i] as number)].map(number).join(','));
  return [['x', ...columns.map(([name]) => name)].join(','), ...rows, ''].join('\n');
}
