import type { z } from 'zod';

import { parametrisedLosses } from '../../configs/loss-schema.js';
import { nearestWord } from './nearest-word.js';

/** What others call losses, in lower case and without separators. */
const usualNames: Readonly<Record<string, string>> = {
  dice: 'sd',
  softdice: 'sd',
  diceloss: 'sd',
  crossentropy: 'ce',
  bce: 'ce',
  dicece: 'ceSd',
  jaccard: 'softJaccard',
};

/** `; did you mean unet?` after a value that is none of those expected; empty if it is near none of them. */
export function meantText(issue: z.core.$ZodIssue, path: readonly (string | number)[], value: unknown): string {
  if (typeof value !== 'string') return '';
  const isLoss = path[0] === 'arms' && path[1] === 'losses';
  const known = [...valuesExpected(issue), ...(isLoss ? Object.keys(parametrisedLosses) : [])];
  const usual = isLoss ? usualNames[value.toLowerCase().replaceAll(/[\s_-]/g, '')] : undefined;
  const near = usual ?? nearestWord(value, known);
  if (near === undefined) return '';
  const withParameters = path.at(-1) === 'kind' ? undefined : parametrisedLosses[near];
  return `; did you mean ${(isLoss && withParameters) || near}?`;
}

function valuesExpected(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.filter((one) => typeof one === 'string');
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(valuesExpected) : [];
}
