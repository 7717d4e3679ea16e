import type { RandomStream } from '../../../domain/random/random-stream.js';

export type ErrorLaw = 'normal' | 'log-normal';

export interface Scenario {
  readonly cases: number;
  /** Share of the variance that the fold effects have. */
  readonly icc: number;
  readonly errors: ErrorLaw;
  /** normal unless said otherwise. */
  readonly foldEffects?: ErrorLaw;
  /** Relative sizes of the folds; five equal ones unless said otherwise. */
  readonly foldSizes?: readonly number[];
  /** Cases of a participant, who has half of the error's variance; 1 unless said otherwise. */
  readonly casesPerParticipant?: number;
}

export interface SimulatedCases {
  readonly values: Float64Array;
  /** Mean of the fold effects over the cases: the true mean of these trained networks. */
  readonly networksMean: number;
}

export interface CasePlace {
  readonly fold: number;
  readonly participant: string;
}

/** The fold and participant of each case of a scenario. */
export function placesOf({ cases, foldSizes = [1, 1, 1, 1, 1], casesPerParticipant = 1 }: Scenario): CasePlace[] {
  const total = foldSizes.reduce((sum, size) => sum + size, 0);
  const participants = Math.floor(cases / casesPerParticipant);
  let below = 0;
  const folds = foldSizes.flatMap((size, fold) => {
    const from = Math.round((below * participants) / total);
    below += size;
    return new Array<number>(Math.round((below * participants) / total) - from).fill(fold);
  });
  return folds.flatMap((fold, index) =>
    new Array<CasePlace>(casesPerParticipant).fill({ fold, participant: String(index) }),
  );
}

/** Values with mean 0 and variance 1: √icc · fold effect + √(1 − icc) · error. */
export function simulateCases(scenario: Scenario, places: readonly CasePlace[], random: RandomStream): SimulatedCases {
  const { icc, errors, foldEffects = 'normal', casesPerParticipant = 1 } = scenario;
  const folds = new Map<number, number>();
  let networksMean = 0;
  let own = 0;
  const values = Float64Array.from(places, ({ fold }, index) => {
    let effect = folds.get(fold);
    if (effect === undefined) folds.set(fold, (effect = Math.sqrt(icc) * draw(foldEffects, random)));
    networksMean += effect / places.length;
    if (index % casesPerParticipant === 0) own = draw(errors, random);
    const error = casesPerParticipant === 1 ? own : Math.SQRT1_2 * (own + draw(errors, random));
    return effect + Math.sqrt(1 - icc) * error;
  });
  return { values, networksMean };
}

/** A draw of mean 0 and variance 1; log-normal: of exp(N(0, 1)), whose skewness is 6.2. */
function draw(law: ErrorLaw, random: RandomStream): number {
  const z = random.normal();
  return law === 'normal' ? z : (Math.exp(z) - Math.exp(0.5)) / Math.sqrt(Math.E * (Math.E - 1));
}

/** The scenarios over which the claim of each test is checked. */
export const scenarios: readonly Scenario[] = (['normal', 'log-normal'] as const).flatMap((errors) =>
  [25, 80, 285].flatMap((cases) => [0, 0.2, 0.5].map((icc): Scenario => ({ cases, icc, errors }))),
);
