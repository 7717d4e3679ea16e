/** Voxels with the same predicted log-odds. */
interface PredictedGroup {
  /** ln(ŷ / (1 − ŷ)), finite. */
  readonly logOdds: number;
  readonly voxels: number;
  /** Σ y over them, from 0 to `voxels`. */
  readonly truth: number;
}

/** The line on which log-odds would be right: ln(p / (1 − p)) = intercept + slope · ln(ŷ / (1 − ŷ)). */
export interface Recalibration {
  readonly intercept: number;
  readonly slope: number;
}

const mostSteps = 100;
/** Steps below it are right; whether they raise the likelihood, its rounding would decide. */
const certainStep = 1e-4;

/**
 * Logistic recalibration (Cox, Two further applications of a model for binary regression, Biometrika 1958): the maximum of the
 * likelihood Σ y ln p + (1 − y) ln(1 − p) over intercept and slope. The slope is the calibration slope of Van Calster et al.
 * (BMC Medicine 17:230, 2019): 1 for calibrated predictions, below 1 where they are too extreme, above 1 where they are not
 * extreme enough. Soft labels count as shares.
 *
 * undefined where the likelihood has no maximum (Albert and Anderson 1984): without groups, and unless structure and background
 * overlap in both directions, that is, some structure has lower log-odds than some background and some has higher ones.
 *
 * Newton's method; the likelihood is concave, and steps that would lower it are halved.
 */
export function recalibration(groups: readonly PredictedGroup[]): Recalibration | undefined {
  if (!hasMaximum(groups)) return undefined;
  let line: Recalibration = { intercept: 0, slope: 1 };
  for (let i = 0; i < mostSteps; i++) {
    const step = newtonStep(groups, line);
    const size = Math.max(Math.abs(step.intercept), Math.abs(step.slope));
    line = size < certainStep ? moved(line, step, 1) : risen(groups, line, step);
    if (!(size > 1e-13 * Math.max(1, Math.abs(line.intercept), Math.abs(line.slope)))) break;
  }
  return line;
}

/** The line after the step or the largest of its halves that does not lower the likelihood. */
function risen(groups: readonly PredictedGroup[], line: Recalibration, step: Recalibration): Recalibration {
  const height = logLikelihood(groups, line);
  for (let share = 1; share > 1e-9; share /= 2) {
    const next = moved(line, step, share);
    if (logLikelihood(groups, next) >= height) return next;
  }
  return line;
}

function hasMaximum(groups: readonly PredictedGroup[]): boolean {
  const inside = groups.filter(({ truth }) => truth > 0).map(({ logOdds }) => logOdds);
  const outside = groups.filter(({ truth, voxels }) => truth < voxels).map(({ logOdds }) => logOdds);
  return Math.min(...inside) < Math.max(...outside) && Math.min(...outside) < Math.max(...inside);
}

function logLikelihood(groups: readonly PredictedGroup[], { intercept, slope }: Recalibration): number {
  return groups.reduce((sum, { logOdds, voxels, truth }) => {
    const z = intercept + slope * logOdds;
    // ln(1 + e^z), without overflow.
    const rest = z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    return sum + truth * z - voxels * rest;
  }, 0);
}

function newtonStep(groups: readonly PredictedGroup[], { intercept, slope }: Recalibration): Recalibration {
  let [gradient0, gradient1, weight00, weight01, weight11] = [0, 0, 0, 0, 0];
  for (const { logOdds, voxels, truth } of groups) {
    const p = 1 / (1 + Math.exp(-intercept - slope * logOdds));
    const weight = voxels * p * (1 - p);
    gradient0 += truth - voxels * p;
    gradient1 += (truth - voxels * p) * logOdds;
    weight00 += weight;
    weight01 += weight * logOdds;
    weight11 += weight * logOdds * logOdds;
  }
  const determinant = weight00 * weight11 - weight01 * weight01;
  return {
    intercept: (weight11 * gradient0 - weight01 * gradient1) / determinant,
    slope: (weight00 * gradient1 - weight01 * gradient0) / determinant,
  };
}

function moved(from: Recalibration, step: Recalibration, share: number): Recalibration {
  return { intercept: from.intercept + share * step.intercept, slope: from.slope + share * step.slope };
}
