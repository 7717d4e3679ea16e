import { shuffled, type RandomStream } from '../../../domain/random/random-stream.js';

/**
 * log-normal: of exp(N(0, 1)), with a skewness of 6.2. exponential: with a skewness of 2. rare: 1 with probability 0.1,
 * else 0, plus N(0, 0.1²), as where few cases lack a region. heavy: Student's t with 3 degrees of freedom.
 */
export type ErrorLaw = 'normal' | 'log-normal' | 'exponential' | 'rare' | 'heavy';

export interface Scenario {
  readonly cases: number;
  /** Share of the variance that the fold effects have. */
  readonly icc: number;
  readonly errors: ErrorLaw;
  /** normal unless said otherwise. */
  readonly foldEffects?: ErrorLaw;
  /** Trainings of each fold, over which a case's value is the mean; 1 unless said otherwise. */
  readonly repeats?: number;
  /** Share of the fold effects' variance that the fold's cases have, in all repeats alike; 0 unless said otherwise. */
  readonly ofCases?: number;
  /** Relative sizes of the folds; five equal ones unless said otherwise. */
  readonly foldSizes?: readonly number[];
  /** Cases of a participant, who has half of the error's variance; 1 unless said otherwise. */
  readonly casesPerParticipant?: number;
  /** Share of the error's variance that the volume explains; folds are then stratified by volume tercile. */
  readonly explainedByVolume?: number;
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
export function placesOf(scenario: Scenario): CasePlace[] {
  const { cases, foldSizes = [1, 1, 1, 1, 1], casesPerParticipant = 1, explainedByVolume } = scenario;
  // Dealt in turn, from the smallest volume to the largest.
  if (explainedByVolume !== undefined)
    return Array.from({ length: cases }, (_, i) => ({ fold: i % foldSizes.length, participant: String(i) }));
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

const tercileOf = (index: number, { cases }: Scenario): number => Math.floor((3 * index) / cases);

/** The volume tercile of each participant; null if folds are not stratified. */
export function strataOf(scenario: Scenario): ReadonlyMap<string, number> | null {
  if (scenario.explainedByVolume === undefined) return null;
  return new Map(placesOf(scenario).map(({ participant }, index) => [participant, tercileOf(index, scenario)]));
}

/** Volumes by place: those of a tercile are in random order. */
function drawVolumes(scenario: Scenario, random: RandomStream): number[] {
  const sorted = Array.from({ length: scenario.cases }, () => draw(scenario.errors, random)).sort((a, b) => a - b);
  return [0, 1, 2].flatMap((tercile) =>
    shuffled(
      sorted.filter((_, index) => tercileOf(index, scenario) === tercile),
      random,
    ),
  );
}

/** Values with mean 0 and, without repeats, variance 1: √icc · fold effect + √(1 − icc) · error. */
export function simulateCases(scenario: Scenario, places: readonly CasePlace[], random: RandomStream): SimulatedCases {
  const { icc, errors, casesPerParticipant = 1, explainedByVolume } = scenario;
  const volumes = explainedByVolume === undefined ? [] : drawVolumes(scenario, random);
  const folds = new Map<number, number>();
  let networksMean = 0;
  let own = 0;
  const values = Float64Array.from(places, ({ fold }, index) => {
    let effect = folds.get(fold);
    if (effect === undefined) folds.set(fold, (effect = Math.sqrt(icc) * foldEffect(scenario, random)));
    networksMean += effect / places.length;
    if (index % casesPerParticipant === 0) own = draw(errors, random);
    const error = casesPerParticipant === 1 ? own : Math.SQRT1_2 * (own + draw(errors, random));
    const share = explainedByVolume ?? 0;
    const total = Math.sqrt(share) * (volumes[index] ?? 0) + Math.sqrt(1 - share) * error;
    return effect + Math.sqrt(1 - icc) * total;
  });
  return { values, networksMean };
}

/** The effect of a fold's cases, and the mean of its trainings'. */
function foldEffect({ foldEffects = 'normal', repeats = 1, ofCases = 0 }: Scenario, random: RandomStream): number {
  let trainings = 0;
  for (let repeat = 0; repeat < repeats; repeat++) trainings += draw(foldEffects, random) / repeats;
  if (ofCases === 0) return trainings;
  return Math.sqrt(ofCases) * draw(foldEffects, random) + Math.sqrt(1 - ofCases) * trainings;
}

/** A draw of mean 0 and variance 1. */
function draw(law: ErrorLaw, random: RandomStream): number {
  switch (law) {
    case 'normal':
      return random.normal();
    case 'log-normal':
      return (Math.exp(random.normal()) - Math.exp(0.5)) / Math.sqrt(Math.E * (Math.E - 1));
    case 'exponential':
      return -Math.log(1 - random.uniform()) - 1;
    case 'rare':
      return ((random.uniform() < 0.1 ? 0.9 : -0.1) + 0.1 * random.normal()) / Math.sqrt(0.1);
    case 'heavy': {
      const squares = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
      return random.normal() / Math.sqrt(squares); // a t of 3 degrees of freedom has variance 3
    }
  }
}

/** The scenarios over which the claim of each test is checked. */
export const scenarios: readonly Scenario[] = (['normal', 'log-normal'] as const).flatMap((errors) =>
  [25, 80, 285].flatMap((cases) => [0, 0.2, 0.5].map((icc): Scenario => ({ cases, icc, errors }))),
);
