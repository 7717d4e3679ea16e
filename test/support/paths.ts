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

/** Ten cases of the Decathlon's hippocampus task, in its layout; ATTRIBUTION.md there says which. */
export const hippocampusFolder = join(fixturesFolder, 'hippocampus');
