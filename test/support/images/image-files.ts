import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { DomainError } from '../../../domain/domain-error.js';
import { readImage } from '../../../storage/images/image-files.js';
import { imageFixtures } from './image-fixtures.js';

/** A folder for the files of this test file; removed at its end. */
export const folder = mkdtempSync(join(tmpdir(), 'volbias-images-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** Path of a file of test/fixtures/images. */
export function fixture(name: string): string {
  return join(imageFixtures, name);
}

/** A file made of bytes, for readers to choke on. */
export function damaged(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The error, naming the file, with which readImage refuses it. */
export async function refusal(path: string): Promise<DomainError> {
  const error: unknown = await readImage(path).then(
    () => assert.fail(`${path} was read`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DomainError, String(error));
  assert.ok(error.message.includes(path), error.message);
  return error;
}
