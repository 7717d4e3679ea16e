import { DomainError } from '../domain-error.js';
import { checkedFolds } from './checked-folds.js';

interface SplitPlan {
  readonly cases: readonly { readonly id: string; readonly participant: string }[];
  readonly folds: number;
  /** The folds of `split.file`, or null. */
  readonly importedFolds: readonly (readonly string[])[] | null;
  /** Whether a part of each fold's training cases is set apart for validation. */
  readonly innerValidation: boolean;
}

/** Why a data set cannot be split as a sweep would split it, before anything has been read of its cases; undefined if it can. */
export function splitFault(plan: SplitPlan): string | undefined {
  const { cases, folds, importedFolds } = plan;
  const participants = countParticipants(cases);
  if (importedFolds !== null) {
    try {
      checkedFolds(importedFolds, cases);
    } catch (error) {
      if (error instanceof DomainError) return `split.file: ${error.message}`;
      throw error;
    }
  } else if (participants < folds) {
    return `${folds} folds (split.folds) need at least as many participants, but there ${participants === 1 ? 'is' : 'are'} only ${participants}`;
  }
  const fewest = Math.min(...trainingParticipants(plan));
  if (!plan.innerValidation || fewest >= 2) return undefined;
  return (
    `a fold leaves ${fewest} participant for training, but training.validation: inner needs at least 2, one of them for ` +
    'validation; more folds leave more for training'
  );
}

/** Participants that are left for training, fold by fold. */
function trainingParticipants({ cases, folds, importedFolds }: SplitPlan): number[] {
  const participants = countParticipants(cases);
  // Drawn folds differ by at most one participant.
  if (importedFolds === null) return [participants - Math.ceil(participants / folds)];
  return importedFolds.map((fold) => countParticipants(cases.filter(({ id }) => !fold.includes(id))));
}

function countParticipants(cases: SplitPlan['cases']): number {
  return new Set(cases.map(({ participant }) => participant)).size;
}
