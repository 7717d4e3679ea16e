import { DomainError } from '../domain-error.js';
import { counted } from '../report/words/format-number.js';

/**
 * Validates imported folds (one list of case ids each) against the cases and returns them with ids sorted within each
 * fold.
 *
 * Throws SPLIT_INVALID, listing every problem, unless there are at least two folds, none is empty, they contain every
 * case exactly once and no unknown case, and no participant is in two folds.
 */
export function checkedFolds(
  folds: readonly (readonly string[])[],
  cases: readonly { readonly id: string; readonly participant: string }[],
): readonly (readonly string[])[] {
  const faults: string[] = [];
  if (folds.length < 2)
    faults.push(`there ${folds.length === 1 ? 'is' : 'are'} ${counted(folds.length, 'fold')}; at least 2 are needed`);
  if (folds.some((fold) => fold.length === 0)) faults.push('a fold is empty');
  const places = new Map<string, number>();
  for (const [index, fold] of folds.entries()) {
    for (const id of fold) {
      if (places.has(id)) faults.push(`case ${id} is listed twice, in folds ${places.get(id) ?? ''} and ${index}`);
      places.set(id, index);
    }
  }
  const known = new Set(cases.map(({ id }) => id));
  faults.push(...cases.filter(({ id }) => !places.has(id)).map(({ id }) => `case ${id} is in no fold`));
  faults.push(...[...places.keys()].filter((id) => !known.has(id)).map((id) => `case ${id} is not in the data set`));
  const participantFold = new Map<string, number>();
  for (const { id, participant } of cases) {
    const fold = places.get(id);
    const other = participantFold.get(participant);
    if (fold !== undefined && other !== undefined && fold !== other) {
      faults.push(`participant ${participant} is in folds ${other} and ${fold}`);
    }
    if (fold !== undefined) participantFold.set(participant, fold);
  }
  if (faults.length > 0) throw invalid([...new Set(faults)]);
  return folds.map((fold) => [...fold].sort());
}

function invalid(faults: readonly string[]): DomainError {
  return new DomainError('SPLIT_INVALID', `the imported folds are invalid: ${faults.join('; ')}`, { faults });
}
