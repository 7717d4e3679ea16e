import { DomainError } from '../../domain/domain-error.js';

/** Parses one `--path data-set=folder` and adds it to those collected so far. */
export function collectPath(text: string, collected: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `--path is "${text}", expected a data set and its folder, such as lesions=/data/lesions`,
    );
  }
  return new Map([...collected, [text.slice(0, at), text.slice(at + 1)]]);
}
