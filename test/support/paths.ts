import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRepositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** The repository's root, from wherever the compiled test runs. */
export const repositoryRoot = findRepositoryRoot();

/** Reference arrays and small files that tests read: test/fixtures. */
export const fixturesFolder = join(repositoryRoot, 'test', 'fixtures');

/** Material beside the checkout that is not part of the product; tests that need it skip where it is absent. */
export const sharedFolder = join(repositoryRoot, '..', 'shared');
