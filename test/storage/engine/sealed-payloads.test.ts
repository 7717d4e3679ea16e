import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { defaultPayloadConverter } from '@temporalio/common';
import fc from 'fast-check';

import { engineKey } from '../../../storage/engine/engine-key.js';
import { sealedPayloads, type Payload } from '../../../storage/engine/sealed-payloads.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const codec = sealedPayloads(Buffer.alloc(32, 1));
const plain: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"secret"') };
const refused = /not sealed with this data folder's key/;

function bytesOf({ metadata, data }: Payload = {}): object {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value)] as const);
  return { metadata: new Map(entries), data: Buffer.from(data ?? []) };
}

async function sealOne(payload: Payload): Promise<Payload> {
  const [sealed] = await codec.encode([payload]);
  assert.ok(sealed);
  return sealed;
}

describe('a sealed payload', () => {
  it('is opened as it was, whatever it contains', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const payload = defaultPayloadConverter.toPayload(value);
        const [opened] = await codec.decode(await codec.encode([payload]));
        assert.deepEqual(bytesOf(opened), bytesOf(payload));
      }),
      { numRuns: 50 },
    );
    const [empty] = await codec.decode(await codec.encode([{}]));
    assert.equal(empty?.data?.length, 0);
  });

  it('shows nothing, and no two are alike', async () => {
    const [one, other] = [await sealOne(plain), await sealOne(plain)];
    for (const { data } of [one, other]) assert.ok(!Buffer.from(data ?? []).includes('secret'));
    assert.notDeepEqual(one.data, other.data);
  });

  it('is refused if it was sealed with another key, altered, cut off or never sealed', async () => {
    const sealed = await sealOne(plain);
    await assert.rejects(sealedPayloads(Buffer.alloc(32, 2)).decode([sealed]), refused);
    const bytes = Buffer.from(sealed.data ?? []);
    for (const at of [0, 12, 20, bytes.length - 1]) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      await assert.rejects(codec.decode([{ ...sealed, data: altered }]), refused);
    }
    for (const length of [0, 5, 28, bytes.length - 1]) {
      await assert.rejects(codec.decode([{ ...sealed, data: bytes.subarray(0, length) }]), refused);
    }
    await assert.rejects(codec.decode([plain]), refused);
    await assert.rejects(codec.decode([{}]), refused);
  });
});

describe('the key of a data folder', () => {
  it('is made once, for its owner only', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    const keys = await Promise.all(Array.from({ length: 8 }, () => engineKey(folder, {})));
    for (const key of keys) assert.deepEqual(key, keys[0]);
    assert.equal(keys[0]?.length, 32);
    assert.equal((await stat(folder.engineKey)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder.root), ['engine-key'], 'nothing else is left');
    assert.notDeepEqual(await engineKey(dataFolderAt(await temporaryFolder(test)), {}), keys[0]);
  });

  it('closes a folder that was open to others', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    await chmod(folder.root, 0o755);
    await engineKey(folder, {});
    assert.equal((await stat(folder.root)).mode & 0o777, 0o700);
  });

  it('is an error that names the file if it is damaged', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    await engineKey(folder, {});
    const text = await readFile(folder.engineKey, 'utf8');
    for (const damaged of ['', text.slice(0, 20), text.replace(/./, 'x')]) {
      await writeFile(folder.engineKey, damaged);
      await assert.rejects(engineKey(folder, {}), {
        code: 'STORE_CORRUPT',
        message: /engine-key is damaged; delete it/,
      });
    }
  });
});
