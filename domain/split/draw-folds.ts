import { DomainError } from '../domain-error.js';
import { counted } from '../report/words/format-number.js';
import { randomStream, shuffled } from '../random/random-stream.js';
import { participantsOf, type SplitCase } from './participants.js';
import { volumeTerciles } from './volume-terciles.js';

export interface DrawSettings {
  readonly folds: number;
  readonly stratify: 'volumeTercile' | 'none';
  readonly seed: number;
  /** Names the random stream, so that data sets with different names are split independently. */
  readonly name: string;
}

/**
 * Assigns the cases to folds and keeps participants whole. With `stratify: 'volumeTercile'`, each fold gets its share
 * of small, medium and large structures (terciles of the participants' mean volume). Fold sizes are as even as whole
 * participants allow: with one case per participant, they differ by at most 1. The result depends only on the cases,
 * the seed and the name, not on the order of the cases; ids are sorted within each fold.
 *
 * Throws SPLIT_INVALID for more folds than participants, fewer than two folds, or a duplicate case, and
 * ARGUMENT_INVALID for a volume that is not a finite number.
 */
export function drawFolds(cases: readonly SplitCase[], settings: DrawSettings): readonly (readonly string[])[] {
  const participants = participantsOf(cases);
  const { folds: foldCount, stratify, seed, name } = settings;
  if (!(Number.isInteger(foldCount) && foldCount >= 2 && foldCount <= participants.length)) {
    throw new DomainError(
      'SPLIT_INVALID',
      `cannot split ${counted(participants.length, 'participant')} into ${counted(foldCount, 'fold')}: expected at least 2 folds and at least one participant per fold`,
      { folds: foldCount, participants: participants.length },
    );
  }
  const random = randomStream(seed, 'split', name);
  const strata = stratify === 'none' ? [participants] : volumeTerciles(participants);
  const folds = Array.from({ length: foldCount }, (): string[] => []);
  for (const stratum of strata) {
    const dealt = new Map(folds.map((fold) => [fold, 0]));
    // Largest participants first, so that small ones can even out the difference.
    const order = shuffled(stratum, random).sort((a, b) => b.ids.length - a.ids.length);
    for (const { ids } of order) {
      const target = folds.reduce((best, fold) => {
        const lead = (dealt.get(best) ?? 0) - (dealt.get(fold) ?? 0);
        return lead > 0 || (lead === 0 && fold.length < best.length) ? fold : best;
      });
      target.push(...ids);
      dealt.set(target, (dealt.get(target) ?? 0) + ids.length);
    }
  }
  // Ties went to the first folds; after this shuffle a fold's number does not reveal its size.
  return shuffled(folds, random).map((fold) => fold.sort());
}
