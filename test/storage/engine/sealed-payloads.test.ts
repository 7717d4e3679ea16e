import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { defaultPayloadConverter } from '@temporalio/common';
import fc from 'fast-check';

import { shown } from '../../../contracts/shown.js';
import { dataSetLabel } from '../../../storage/engine/data-set-label.js';
import { engineKeys } from '../../../storage/engine/engine-key.js';
import { sealedPayloads, type Payload } from '../../../storage/engine/sealed-payloads.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const key = Buffer.alloc(32, 1);
const codec = sealedPayloads([key]);
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
    await assert.rejects(sealedPayloads([Buffer.alloc(32, 2)]).decode([sealed]), refused);
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

  it('reads as nothing where the server itself says that an activity was cancelled before it began', async () => {
    const said = (text: string, encoding = 'json/plain') => ({
      metadata: { encoding: Buffer.from(encoding) },
      data: Buffer.from(text),
    });
    const [read] = await codec.decode([said('"ACTIVITY_ID_NOT_STARTED"')]);
    assert.deepEqual([String(read?.metadata?.encoding), read?.data ?? null], ['binary/null', null]);
    for (const other of [
      said('"ACTIVITY_ID_NOT_STARTED" '),
      said('"ACTIVITY_ID_STARTED"'),
      said('"ACTIVITY_ID_NOT_STARTED"', 'json'),
    ])
      await assert.rejects(codec.decode([other]), refused);
  });

  it('names its key, so that a newer one can take over while the older one still opens', async () => {
    const sealed = await sealOne(plain);
    const rotated = sealedPayloads([Buffer.alloc(32, 2), key]);
    assert.deepEqual(bytesOf((await rotated.decode([sealed]))[0]), bytesOf(plain));
    const [newer] = await rotated.encode([plain]);
    assert.ok(newer);
    assert.notDeepEqual(newer.metadata?.['encryption-key-id'], sealed.metadata?.['encryption-key-id']);
    await assert.rejects(codec.decode([newer]), refused);
    assert.deepEqual(bytesOf((await sealedPayloads([Buffer.alloc(32, 2)]).decode([newer]))[0]), bytesOf(plain));
    // The id of another key does not help.
    const claimed = { ...newer, metadata: { ...newer.metadata, ...sealed.metadata } };
    await assert.rejects(codec.decode([claimed]), refused);
    // Payloads of before keys had ids.
    const { encoding = Buffer.alloc(0) } = sealed.metadata ?? {};
    assert.deepEqual(bytesOf((await rotated.decode([{ ...sealed, metadata: { encoding } }]))[0]), bytesOf(plain));
  });
});

describe('a text for Temporal’s page', () => {
  const words = 'train unet/sd · fold 3 · epoch 212 of 300 · val 0.341';
  const encoded = async (value: unknown): Promise<Payload | undefined> =>
    (await codec.encode([defaultPayloadConverter.toPayload(value)]))[0];
  const textOf = (payload?: Payload): string => Buffer.from(payload?.data ?? []).toString();

  it('is left in clear and without its mark, by itself or as the current details of a workflow', async () => {
    assert.equal(textOf(await encoded(shown(words))), JSON.stringify(words));
    const definition = { type: 'sweep', queryDefinitions: [] };
    const details = await encoded({ definition, currentDetails: shown(`- ${words}\n- report 0/1`) });
    assert.deepEqual(JSON.parse(textOf(details)), { definition, currentDetails: `- ${words}\n- report 0/1` });
  });

  it('reads as nothing, so that nobody can tell a worker anything with it', async () => {
    for (const payload of [
      await encoded(shown(words)),
      { ...plain, metadata: { 'shown-in-clear': Buffer.from('1') } },
    ]) {
      const [opened] = await codec.decode([payload ?? {}]);
      assert.ok(opened);
      assert.equal(
        defaultPayloadConverter.fromPayload({ metadata: opened.metadata ?? {}, data: opened.data ?? null }),
        undefined,
      );
    }
  });

  it('is sealed like anything else if it has another form, or is part of something else', async () => {
    const values = [
      words,
      shown('=SUM(A1)'),
      shown('患者<七>'),
      shown(''),
      shown('a'.repeat(2001)),
      `${words} ${shown(words)}`,
      [shown(words)],
      { words: shown(words) },
      { currentDetails: shown(words) },
      { definition: {}, currentDetails: words },
      { definition: {}, currentDetails: shown(words), others: 'secret' },
    ];
    for (const value of values) {
      const payload = await encoded(value);
      assert.equal(
        Buffer.from(payload?.metadata?.encoding ?? []).toString(),
        'binary/encrypted',
        JSON.stringify(value),
      );
      const [opened] = await codec.decode([payload ?? {}]);
      assert.deepEqual(JSON.parse(textOf(opened)), value);
    }
  });
});

describe('what stands for a data set', () => {
  it('is the same for the same name and key, and tells neither', async (test) => {
    const [one, other] = [dataFolderAt(await temporaryFolder(test)), dataFolderAt(await temporaryFolder(test))];
    const label = await dataSetLabel(one, {}, 'lesions');
    assert.match(label, /^data-[0-9a-f]{10}$/);
    assert.equal(await dataSetLabel(one, {}, 'lesions'), label);
    assert.notEqual(await dataSetLabel(one, {}, 'tumours'), label);
    assert.notEqual(await dataSetLabel(other, {}, 'lesions'), label);
  });
});

describe('the key of a data folder', () => {
  it('is made once, for its owner only', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    const keys = await Promise.all(Array.from({ length: 8 }, () => engineKeys(folder, {})));
    for (const key of keys) assert.deepEqual(key, keys[0]);
    assert.deepEqual(
      keys[0]?.map(({ length }) => length),
      [32],
    );
    assert.equal((await stat(folder.engineKey)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder.root), ['engine-key'], 'nothing else is left');
    assert.notDeepEqual(await engineKeys(dataFolderAt(await temporaryFolder(test)), {}), keys[0]);
  });

  it('closes a folder that was open to others', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    await chmod(folder.root, 0o755);
    await engineKeys(folder, {});
    assert.equal((await stat(folder.root)).mode & 0o777, 0o700);
  });

  it('may be followed by older ones', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    const [old] = await engineKeys(folder, {});
    await writeFile(folder.engineKey, `${'ab'.repeat(32)}\n${await readFile(folder.engineKey, 'utf8')}`);
    assert.deepEqual(await engineKeys(folder, {}), [Buffer.alloc(32, 0xab), Buffer.from(old)]);
  });

  it('is an error that names the file if it is damaged', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    await engineKeys(folder, {});
    const text = await readFile(folder.engineKey, 'utf8');
    for (const damaged of ['', text.slice(0, 20), text.replace(/./, 'x'), `${text}\n`, `${text}abc\n`]) {
      await writeFile(folder.engineKey, damaged);
      await assert.rejects(engineKeys(folder, {}), {
        code: 'STORE_CORRUPT',
        message: /engine-key is damaged; delete it/,
      });
    }
  });
});
