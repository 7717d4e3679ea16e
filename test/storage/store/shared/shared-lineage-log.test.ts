import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';

import { canonicalJson } from '../../../../domain/plan/key.js';
import { s3Program } from '../../../support/s3-server.js';
import { sharedMachines, type SharedFolder } from '../../../support/sweeps/shared-folders.js';
import { filesBelow } from '../../../support/sweeps/sweep-folders.js';

const program = await s3Program();
const skip = 'reason' in program ? program.reason : false;
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

describe('the logs of machines that share a store', { skip }, () => {
  let one: SharedFolder;
  let other: SharedFolder;
  const { machine, files } = sharedMachines(program, 'shared-log');
  const act = ({ lineage }: SharedFolder, action: string): Promise<void> =>
    lineage.append('action', { action, sweep: null, units: [], operator: 'somebody' });
  const actions = async ({ lineage }: SharedFolder): Promise<string[]> =>
    (await lineage.read()).flatMap((record) => (record.kind === 'action' ? [record.spec.action] : []));
  const segments = async (): Promise<string[]> => filesBelow(join(files(), 'lineage'));

  beforeEach(() => {
    one = machine('one');
    other = machine('other');
  });

  it('are read as one, in the order in which things happened', async () => {
    await act(one, 'a');
    await act(other, 'b');
    await act(one, 'c');
    await act(other, 'd');
    for (const reader of [one, other, machine('late')]) assert.deepEqual(await actions(reader), ['a', 'b', 'c', 'd']);
    await act(one, 'e');
    assert.deepEqual((await actions(other)).at(-1), 'e', 'what came since, too');
  });

  it('lie in the store in pieces that nobody changes: the lines of each are once in it', async () => {
    await act(one, 'a');
    const [first = ''] = await segments();
    const before = await readFile(first);
    await act(one, 'b');
    await one.lineage.publish();
    assert.equal((await segments()).length, 2);
    assert.deepEqual(await readFile(first), before);
    const joined = await Promise.all((await segments()).map((file) => readFile(file, 'utf8')));
    assert.equal(joined.join(''), await readFile(one.folder.lineageLog, 'utf8'));
  });

  it('have the lines of every process of a machine, however these meet', async () => {
    const processes = [1, 2, 3].map(() => machine('one'));
    await Promise.all(processes.flatMap((own, index) => [0, 1, 2].map((count) => act(own, `${index}-${count}`))));
    assert.equal(new Set(await actions(other)).size, 9);
    assert.equal((await actions(other)).length, 9);
  });

  it('are fetched in large pieces once they are long', async () => {
    const specs = Array.from({ length: 250 }, (_, index) => ({
      ...{ action: String(index), sweep: null, units: [], operator: 'somebody' },
    }));
    for (let start = 0; start < 250; start += 50) await one.lineage.appendAll('action', specs.slice(start, start + 50));
    const names = (await segments()).map((file) => file.split('/').at(-1));
    assert.ok(names.includes('1-100.jsonl') && names.includes('101-200.jsonl'), names.join(' '));
    for (const file of await segments()) if (/\/(1-50|51-100|101-150)\.jsonl$/.test(file)) await rm(file);
    assert.equal((await actions(other)).length, 250);
  });

  it('go to the store after a machine was without it: with the next line, and without doubling any', async () => {
    await act(one, 'a');
    await rm(`${one.folder.lineageLog}.shared`);
    await act(one, 'b');
    assert.deepEqual(await actions(other), ['a', 'b']);
    await writeFile(`${one.folder.lineageLog}.shared`, '{');
    await act(one, 'c');
    assert.deepEqual(await actions(other), ['a', 'b', 'c']);
  });

  it('are damaged if a line was altered in the store, and that is said', async () => {
    await act(one, 'a');
    await act(one, 'b');
    const [first = ''] = await segments();
    await writeFile(first, (await readFile(first, 'utf8')).replace('somebody', 'everyone'));
    await assert.rejects(other.lineage.read(), { code: 'STORE_CORRUPT', message: /other-logs.*, line 1: .*altered/ });
  });

  it('are damaged if a piece is missing, or has other lines than its name says', async () => {
    await act(one, 'a');
    await act(one, 'b');
    const [first = '', second = ''] = await segments();
    const lines = await readFile(second);
    await rm(first);
    await assert.rejects(other.lineage.read(), { code: 'STORE_CORRUPT', message: /lost lines.*line 1 of/ });
    await writeFile(first, lines);
    await appendFile(second, lines);
    await assert.rejects(other.lineage.read(), { code: 'STORE_CORRUPT', message: /does not have the lines/ });
  });

  it('that were replaced on a machine are another log, beside the former one', async () => {
    await act(one, 'a');
    for (const name of ['', '.head']) await rm(`${one.folder.lineageLog}${name}`);
    await act(one, 'b');
    assert.deepEqual(await actions(other), ['a', 'b']);
    assert.deepEqual(await actions(one), ['a', 'b']);
  });

  it('have one head, whichever machine computes it: the SHA-256 of what lists the last line of each', async () => {
    assert.equal(await one.lineage.head(), undefined);
    await act(one, 'a');
    await act(other, 'b');
    const head = await one.lineage.head();
    assert.equal(await other.lineage.head(), head);
    assert.equal(await machine('late').lineage.head(), head);
    const text = Buffer.from((await one.remote.get(`heads/${head}.json`))?.bytes ?? []).toString('utf8');
    assert.equal(sha256(text), head);
    const heads = JSON.parse(text) as { log: string; lines: number; head: string }[];
    assert.equal(text, canonicalJson(heads));
    const lasts = await Promise.all([one, other].map(async ({ folder }) => readFile(folder.lineageLog, 'utf8')));
    assert.deepEqual(heads.map((entry) => entry.head).sort(), lasts.map((line) => sha256(line.trimEnd())).sort());
    await act(other, 'c');
    assert.notEqual(await one.lineage.head(), head);
  });

  it('continue those that had a head, unless anything up to there was altered or lost', async () => {
    await act(one, 'a');
    await act(other, 'b');
    const head = (await one.lineage.head()) ?? '';
    await act(other, 'c');
    assert.equal(await machine('late').lineage.continues(head), 2);
    assert.match(String(await one.lineage.continues('0'.repeat(64))), /has no heads\/0+\.json/);

    const name = `heads/${head}.json`;
    const listed = Buffer.from((await one.remote.get(name))?.bytes ?? []);
    await one.remote.put(name, Buffer.from(listed.toString('utf8').replace('"lines":1', '"lines":2')));
    assert.match(String(await one.lineage.continues(head)), /heads\/.* was altered/);
    await one.remote.put(name, listed);
    const gone = (await segments()).find((file) => file.endsWith('1-1.jsonl')) ?? '';
    await rm(gone);
    assert.notEqual(await machine('later').lineage.continues(head).catch(String), 2);
  });
});
