import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { FileDigests } from '../../../storage/files/file-digests.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('the digests of input files', () => {
  it('are the SHA-256 of their bytes, and are computed again when a file changes', async (test) => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'image');
    const digests = new FileDigests(join(folder, 'digests.json'));
    await writeFile(file, 'before');
    assert.equal(await digests.digestOf(file), sha256('before'));
    await writeFile(file, 'after');
    assert.equal(await digests.digestOf(file), sha256('after'));
  });

  it('notice a change that keeps the size', async (test) => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'image');
    const digests = new FileDigests(join(folder, 'digests.json'));
    await writeFile(file, 'one');
    await utimes(file, 1000, 1000);
    assert.equal(await digests.digestOf(file), sha256('one'));
    await writeFile(file, 'two');
    await utimes(file, 1000, 1001);
    assert.equal(await digests.digestOf(file), sha256('two'));
  });

  it('notice a change that keeps size, time and inode', async (test) => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'image');
    const digests = new FileDigests(join(folder, 'digests.json'));
    await writeFile(file, 'one');
    await utimes(file, 1000, 1000);
    assert.equal(await digests.digestOf(file), sha256('one'));
    await writeFile(file, 'two');
    await utimes(file, 1000, 1000);
    assert.equal(await digests.digestOf(file), sha256('two'));
  });

  it('are forgotten on request, for good', async (test) => {
    const folder = await temporaryFolder(test);
    const [file, memory] = [join(folder, 'image'), join(folder, 'digests.json')];
    await writeFile(file, 'bytes');
    const first = new FileDigests(memory);
    await first.digestOf(file);
    await first.save();
    await new FileDigests(memory).forget(file);
    assert.equal(await new FileDigests(memory).has(file), false);
  });

  it('are remembered, so an unchanged file is not read again', async (test) => {
    const folder = await temporaryFolder(test);
    const [file, memory] = [join(folder, 'image'), join(folder, 'digests.json')];
    await writeFile(file, 'bytes');
    const first = new FileDigests(memory);
    await first.digestOf(file);
    await first.save();
    // A digest that is wrong on purpose is returned only if it was not computed.
    await writeFile(memory, (await readFile(memory, 'utf8')).replace(sha256('bytes'), sha256('remembered')));
    assert.equal(await new FileDigests(memory).digestOf(file), sha256('remembered'));
  });

  it('are computed again if the remembered ones are damaged', async (test) => {
    const folder = await temporaryFolder(test);
    const [file, memory] = [join(folder, 'image'), join(folder, 'digests.json')];
    await writeFile(file, 'bytes');
    for (const damaged of ['{"', 'null', '[]', '3']) {
      await writeFile(memory, damaged);
      assert.equal(await new FileDigests(memory).digestOf(file), sha256('bytes'), damaged);
    }
  });
});
