import { DomainError } from '../../domain/domain-error.js';
import type { LabelRule } from '../../domain/preprocess/mask/structure-of.js';

/** What `--label` accepts, for its help. */
export const labelSyntax = "1 or '>1' for the values above 1, =2 for the value 2, 1,3 for the values 1 and 3";

/** The structure that `--label` selects from masks. */
export function labelRuleOf(text: string): LabelRule {
  const [, sign, list = ''] = /^([>=]?)(.*)$/.exec(text.trim()) ?? [];
  const numbers = list.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [first = NaN, ...more] = numbers;
  if (numbers.every(Number.isFinite)) {
    if (sign === '=' || (sign === '' && more.length > 0)) return { anyOf: numbers };
    if (more.length === 0) return { greaterThan: first };
  }
  throw new DomainError('ARGUMENT_INVALID', `--label is "${text}", expected a number, such as 0: ${labelSyntax}`);
}
