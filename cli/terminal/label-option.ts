import { DomainError } from '../../domain/domain-error.js';

/** The number of `--label`: a mask's structure is the values above it. */
export function labelOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new DomainError('ARGUMENT_INVALID', `--label is "${text}", expected a number, such as 0`);
}
