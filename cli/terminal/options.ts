import { Option } from 'commander';

import { DomainError } from '../../domain/domain-error.js';

/** `--path <data-set=folder>`, of every verb that reads the data sets of a config. */
export function pathOption(): Option {
  const help = 'use this folder for a data set, instead of the config’s; repeatable';
  return new Option('--path <data-set=folder>', help).argParser(collectPath);
}

/** `--priority <1..5>`, of the verb that starts a sweep. */
export function priorityOption(): Option {
  const help = 'which sweep’s units go first when several wait: 1 before 5 (default: 3)';
  return new Option('--priority <1..5>', help).choices(['1', '2', '3', '4', '5']);
}

/** `--data-dir <folder>`, of every verb that uses a data folder. */
export function dataDirOption(): Option {
  return new Option('--data-dir <folder>', 'data folder (default: VOLBIAS_DATA_DIR, or .volbias here or above)');
}

/** `--store <address>`, of every verb that may use a store that several machines share. */
export function storeOption(): Option {
  const help =
    'store that machines share, such as s3://bucket/prefix (default: VOLBIAS_STORE, or the data folder alone)';
  return new Option('--store <address>', help);
}

/** Parses one `--path data-set=folder` and adds it to those collected so far. */
function collectPath(text: string, collected: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `--path is "${text}", expected a data set and its folder, such as lesions=/data/lesions`,
    );
  }
  return new Map([...collected, [text.slice(0, at), text.slice(at + 1)]]);
}
