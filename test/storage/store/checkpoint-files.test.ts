import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';

import { DomainError } from '../../../domain/domain-error.js';
import { checkpointFiles, Superseded } from '../../../storage/store/checkpoint-files.js';
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
    await inflict(join(folder, '1', 'checkpoint.bin'));
    assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('one'));
    assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('one'), 'and again');
    const next = checkpointFiles(folder);
    assert.deepEqual(Buffer.from((await next.load()) ?? []), checkpoint('one'));
    await next.save(checkpoint('three'));
    await inflict(join(folder, '2', 'checkpoint.bin'));
    assert.deepEqual(Buffer.from((await next.load()) ?? []), checkpoint('one'));
  });

  test(`if both checkpoints have ${damage}, loading fails instead of silently starting the training again`, async (t) => {
    const folder = await temporaryFolder(t);
    const files = checkpointFiles(folder);
    await files.save(checkpoint('one'));
    await files.save(checkpoint('two'));
    await inflict(join(folder, '1', 'checkpoint.bin'));
    await inflict(join(folder, '1', 'checkpoint.previous.bin'));
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
  await rename(join(folder, '1', 'checkpoint.bin'), join(folder, '1', 'checkpoint.previous.bin'));
  assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('one'));
});

test('only the last two checkpoints are kept', async (t) => {
  const folder = join(await temporaryFolder(t), 'key');
  const files = checkpointFiles(folder);
  for (const text of ['one', 'two', 'three']) await files.save(checkpoint(text));
  assert.deepEqual(Buffer.from((await files.load()) ?? []), checkpoint('three'));
  assert.deepEqual((await readdir(folder, { recursive: true })).sort(), [
    '1',
    join('1', 'checkpoint.bin'),
    join('1', 'checkpoint.previous.bin'),
  ]);
});

test('an unreadable checkpoint is not treated as absent', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, '1', 'checkpoint.bin'), { recursive: true });
  await assert.rejects(checkpointFiles(folder).load(), { code: 'EISDIR' });
});

test('a later attempt goes on from the checkpoint of an earlier one, which can write no more', async (t) => {
  const folder = join(await temporaryFolder(t), 'key');
  const stalled = checkpointFiles(folder);
  assert.equal(await stalled.load(), undefined);
  await stalled.save(checkpoint('one'));
  const replacement = checkpointFiles(folder);
  assert.deepEqual(Buffer.from((await replacement.load()) ?? []), checkpoint('one'));
  await assert.rejects(stalled.save(checkpoint('late')), Superseded);
  await replacement.save(checkpoint('two'));
  await assert.rejects(stalled.save(checkpoint('later')), Superseded);
  assert.deepEqual(Buffer.from((await replacement.load()) ?? []), checkpoint('two'));
  await replacement.save(checkpoint('three'));
  assert.deepEqual(await readdir(folder), ['2'], 'the earlier attempt is gone');
  await assert.rejects(stalled.save(checkpoint('latest')), Superseded);
  assert.deepEqual(await readdir(folder), ['2']);
  assert.deepEqual(Buffer.from((await checkpointFiles(folder).load()) ?? []), checkpoint('three'));
});

test('a save in progress when the later attempt begins reaches only the folder of its own attempt', async (t) => {
  const folder = join(await temporaryFolder(t), 'key');
  const stalled = checkpointFiles(folder);
  await stalled.save(checkpoint('one'));
  const replacement = checkpointFiles(folder);
  await replacement.load();
  await replacement.save(checkpoint('two'));
  // What a save does after it has found no later attempt.
  await writeFile(join(folder, '1', 'checkpoint.bin'), checkpoint('late'));
  assert.deepEqual(Buffer.from((await checkpointFiles(folder).load()) ?? []), checkpoint('two'));
});

test('attempts that begin at once are several', async (t) => {
  const folder = join(await temporaryFolder(t), 'key');
  const attempts = Array.from({ length: 8 }, () => checkpointFiles(folder));
  await Promise.all(attempts.map((attempt) => attempt.load()));
  const saved = await Promise.allSettled(attempts.map((attempt) => attempt.save(checkpoint('one'))));
  assert.equal(saved.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('nothing is saved once the training is over or its checkpoints were put aside', async (t) => {
  const root = await temporaryFolder(t);
  const folder = join(root, 'key');
  const stalled = checkpointFiles(folder);
  await stalled.save(checkpoint('one'));
  assert.ok(await stalled.exist());
  const replacement = checkpointFiles(folder);
  await replacement.load();
  await replacement.putAside(join(root, 'aside', 'key'));
  await assert.rejects(stalled.save(checkpoint('late')), Superseded);
  assert.ok(!(await replacement.exist()));
  assert.equal(await replacement.load(), undefined);
  await replacement.save(checkpoint('anew'));
  await replacement.remove();
  await assert.rejects(replacement.save(checkpoint('late')), Superseded);
  assert.deepEqual(await readdir(root), ['aside']);
});
