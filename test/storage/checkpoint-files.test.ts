import assert from 'node:assert/strict';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { checkpointFiles } from '../../storage/checkpoint-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (read: Uint8Array | undefined): string | undefined =>
  read === undefined ? undefined : Buffer.from(read).toString();

describe('the checkpoints of a training', () => {
  it('give back the last one that was saved, and keep the one before', async (test) => {
    const folder = join(await temporaryFolder(test), 'key');
    const files = checkpointFiles(folder);
    assert.equal(await files.load(), undefined);
    for (const text of ['first', 'second', 'third']) await files.save(bytes(text));
    assert.equal(textOf(await files.load()), 'third');
    assert.deepEqual((await readdir(folder)).sort(), ['checkpoint.bin', 'checkpoint.previous.bin']);
  });

  it('give back the one before where a crash has come between moving it aside and saving the next', async (test) => {
    const folder = join(await temporaryFolder(test), 'key');
    const files = checkpointFiles(folder);
    for (const text of ['first', 'second']) await files.save(bytes(text));
    await rm(join(folder, 'checkpoint.bin'));
    assert.equal(textOf(await files.load()), 'first');
  });

  it('are not taken for absent where they cannot be read', async (test) => {
    const folder = join(await temporaryFolder(test), 'key');
    await mkdir(join(folder, 'checkpoint.bin'), { recursive: true });
    await assert.rejects(checkpointFiles(folder).load(), { code: 'EISDIR' });
  });
});
