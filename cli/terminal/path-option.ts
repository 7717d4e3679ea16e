import { DomainError } from '../../domain/domain-error.js';

/** Collects `--path data-set=folder`. */
export function collectPath(text: string, collected: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `--path is "${text}", expected a data set and its folder: lesions=/data/lesions`,
    );
  }
  return new Map([...collected, [text.slice(0, at), text.slice(at + 1)]]);
}
