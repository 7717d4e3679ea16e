import { mkdtempSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder that goes when the test ends. */
export async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'volbias-test-')));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of a file, which removes it itself. */
export function temporaryFolderOfFile(name: string): string {
  return mkdtempSync(join(tmpdir(), `volbias-${name}-`));
}
