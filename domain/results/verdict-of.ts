import { enoughParticipants } from './enough-participants.js';
import { yieldsProbabilities } from '../training/losses/loss-choice.js';
import type { OverallVerdict, ResultsArm, ResultsCell, ResultsDataSet, Verdict } from './results.js';

/** The volume error that judges an arm: that of the probabilities, or of the masks where a loss yields no probabilities. */
export function judgedError({ loss, cells }: Pick<ResultsArm, 'loss' | 'cells'>): ResultsCell {
  return yieldsProbabilities(loss) ? cells.volumeError : cells.volumeErrorThresholded;
}

/** Judges a data set by the volume errors of the last model with results. */
export function verdictOf(armsOfDataSet: readonly ResultsArm[], models: readonly string[]): Verdict {
  const model = models.findLast((name) => armsOfDataSet.some((arm) => arm.model === name && arm.cases > 0)) ?? null;
  const arms = armsOfDataSet.filter((arm) => arm.model === model).toSorted(bySizeOfBias);
  const judged = arms.filter(({ flaw }) => flaw === null);
  const tests = arms.flatMap((arm) => judgedError(arm).againstZero ?? []);
  const participants = Math.min(...tests.map((test) => test.participants));
  return {
    model,
    arms,
    tested: lossesOf(judged, isTested),
    biased: lossesOf(judged, isBiased),
    equivalent: lossesOf(judged, (arm) => judgedError(arm).againstZero?.equivalence?.holds === true),
    fewParticipants: participants < enoughParticipants ? participants : null,
  };
}

/** Counts the verdicts over all data sets. */
export function overallVerdict(dataSets: readonly ResultsDataSet[], losses: readonly string[]): OverallVerdict {
  const verdicts = dataSets.map(({ verdict }) => verdict);
  const counts = losses.map((loss) => ({
    loss,
    tested: verdicts.filter(({ tested }) => tested.includes(loss)).length,
    biased: verdicts.filter(({ biased }) => biased.includes(loss)).length,
    equivalent: verdicts.filter(({ equivalent }) => equivalent.includes(loss)).length,
  }));
  return {
    models: [...new Set(verdicts.flatMap(({ model }) => model ?? []))],
    losses: counts.filter(({ tested }) => tested > 0).toSorted((a, b) => b.biased - a.biased),
  };
}

function isTested(arm: ResultsArm): boolean {
  const { interval = null, participants = 0 } = judgedError(arm).againstZero ?? {};
  return interval !== null && participants >= enoughParticipants;
}

const isBiased = (arm: ResultsArm): boolean => judgedError(arm).mark.bias !== null;

function lossesOf(arms: readonly ResultsArm[], condition: (arm: ResultsArm) => boolean): string[] {
  return arms.filter(condition).map(({ loss }) => loss);
}

function bySizeOfBias(a: ResultsArm, b: ResultsArm): number {
  const weight = (arm: ResultsArm): number => (isBiased(arm) ? Math.abs(judgedError(arm).mean ?? 0) : -1);
  return weight(b) - weight(a);
}
