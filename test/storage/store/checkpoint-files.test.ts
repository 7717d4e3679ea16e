import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';

import { DomainError } from '../../../domain/domain-error.js';
import { checkpointFiles } from '../../../storage/store/checkpoint-files.js';
import { flipBit } from '../../support/damage.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Bytes followed by their SHA-256, as in checkpoints. */
function checkpoint(text: string): Uint8Array {
  const content = Buffer.from(text);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

const damages: Record<string, (path: string) => Promise<void>> = {
  'a flipped bit': (path) => flipBit(path, 3),
  'a flipped bit in its digest': async (path) => flipBit(path, (await stat(path)).size - 1),
  'a missing end': (path) => truncate(path, 20),
  'nothing in it': (path) => truncate(path, 0),
};

test('without a checkpoint there is nothing to resume from', async (t) => {
  assert.equal(await checkpointFiles(await temporaryFolder(t)).load(), undefined);
});

for (const [damage, inflict] of Object.entries(damages)) {
  test(`if the last checkpoint has ${damage}, the previous one is loaded, and later saves keep it`, async (t) => {
    const folder = await temporaryFolder(t);
    const files = checkpointFiles(folder);
    await files.save(checkpoint('one'));
    await files.save(checkpoint('two'));
    assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('two'));
    await inflict(join(folder, 'checkpoint.bin'));
    assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('one'));
    assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('one'), 'and again');
    await files.save(checkpoint('three'));
    await inflict(join(folder, 'checkpoint.bin'));
    assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('one'));
  });

  test(`if both checkpoints have ${damage}, loading fails instead of silently starting the training again`, async (t) => {
    const folder = await temporaryFolder(t);
    const files = checkpointFiles(folder);
    await files.save(checkpoint('one'));
    await files.save(checkpoint('two'));
    await inflict(join(folder, 'checkpoint.bin'));
    await inflict(join(folder, 'checkpoint.previous.bin'));
    await assert.rejects(files.load(), (error) => {
      assert.ok(error instanceof DomainError && error.code === 'CHECKPOINT_CORRUPT');
      return error.message.includes(folder);
    });
  });
}

test('a crash between the renames of a save leaves the previous checkpoint', async (t) => {
  const folder = await temporaryFolder(t);
  const files = checkpointFiles(folder);
  await files.save(checkpoint('one'));
  await rename(join(folder, 'checkpoint.bin'), join(folder, 'checkpoint.previous.bin'));
  assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('one'));
});

test('only the last two checkpoints are kept', async (t) => {
  const folder = join(await temporaryFolder(t), 'key');
  const files = checkpointFiles(folder);
  for (const text of ['one', 'two', 'three']) await files.save(checkpoint(text));
  assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('three'));
  assert.deepEqual((await readdir(folder)).sort(), ['checkpoint.bin', 'checkpoint.previous.bin']);
});

test('an unreadable checkpoint is not treated as absent', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'checkpoint.bin'));
  await assert.rejects(checkpointFiles(folder).load(), { code: 'EISDIR' });
});
