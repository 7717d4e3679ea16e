import assert from 'node:assert/strict';
import { appendFile, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { spawn } from 'node:child_process';

import { LineageLog } from '../../../storage/store/lineage-log.js';
import { readAt } from '../../../storage/store/log-lines.js';
import { repositoryRoot } from '../../support/paths.js';
import { workOf } from '../../support/sweeps/test-store.js';
import { linesOf, newLog, note, notesIn, sha256 } from './lineage-notes.js';

const module = join(repositoryRoot, 'dist', 'storage', 'store', 'lineage-log.js');

/** Appends to a log in another process. */
function appendElsewhere(path: string, who: string, count: number): Promise<number | null> {
  const program = `
    import { LineageLog } from ${JSON.stringify(module)};
    const log = new LineageLog(${JSON.stringify(path)});
    for (let i = 0; i < ${String(count)}; i++) {
      await log.append('action', { ...${JSON.stringify(note(''))}, reason: ${JSON.stringify(who)} + i });
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', resolve));
}

describe('the lineage log', () => {
  it('keeps records in order, each chained to the previous line by its SHA-256', async (test) => {
    const log = await newLog(test);
    // Not awaited one by one: the log appends them in turn.
    await Promise.all(['first', 'second', 'third'].map((text) => log.append('action', note(text))));
    assert.deepEqual(await notesIn(log), ['first', 'second', 'third']);
    const records = await log.read();
    const lines = await linesOf(log);
    assert.equal(records[0]?.previous, '0'.repeat(64));
    assert.equal(records[2]?.previous, sha256(lines[1] ?? ''));
    assert.equal(await readFile(`${log.path}.head`, 'utf8'), `${sha256(lines[2] ?? '')}\n`);
  });

  it('says of each record when it was written, and by which software', async (test) => {
    const log = await newLog(test);
    const before = new Date().toISOString();
    await log.append('action', note('x'));
    const [record] = await log.read();
    assert.ok(record?.version === 2 && record.at >= before && record.at <= new Date().toISOString());
    assert.equal(record.software.node, process.versions.node);
    assert.match(record.software.version, /^\d+\.\d+\.\d+/);
  });

  it('refuses to write what its schema does not allow', async (test) => {
    const log = await newLog(test);
    await assert.rejects(log.append('runEnded', { sweep: 'a', outcome: 'complete', report: 'x' }), TypeError);
    assert.deepEqual(await log.read(), []);
  });

  it('stays chained when two processes append at once', async (test) => {
    const log = await newLog(test);
    const codes = await Promise.all([appendElsewhere(log.path, 'a', 15), appendElsewhere(log.path, 'b', 15)]);
    assert.deepEqual(codes, [0, 0]);
    const notes = await notesIn(log);
    for (const who of ['a', 'b']) {
      const own = notes.filter((text) => text.startsWith(who));
      assert.deepEqual(
        own,
        Array.from({ length: 15 }, (_, i) => `${who}${i}`),
      );
    }
  });

  it('stays whole even if the lock keeps nobody out, as one held by a suspended process may not', async (test) => {
    const log = await newLog(test);
    const unlocked = Array.from({ length: 6 }, () => new LineageLog(log.path, () => Promise.reject(new Error('held'))));
    const append = async (one: LineageLog, text: string): Promise<void> => {
      // Without the lock, a half-written line of another process may be in the way.
      await one.append('action', note(text)).catch(() => append(one, text));
    };
    const expected: string[] = [];
    for (let round = 0; round < 5; round++) {
      const texts = unlocked.map((_, index) => `${round}-${index}`);
      expected.push(...texts);
      await Promise.all(unlocked.map((one, index) => append(one, texts[index] ?? '')));
    }
    assert.deepEqual((await notesIn(log)).sort(), expected.sort());
    const kinds = (await log.read()).map(({ kind }) => kind);
    assert.ok(kinds.includes('confirmation'), 'no two have appended at once, so the test has shown nothing');
    await log.append('action', note('after'));
    assert.equal((await notesIn(log)).at(-1), 'after');
  });

  it('puts a last line that a crash cut short aside, and says so', async (test) => {
    const log = await newLog(test);
    await log.append('action', note('whole'));
    const rest = '{"kind":"test","prev';
    await appendFile(log.path, rest);
    assert.deepEqual(await notesIn(log), ['whole']);
    await log.append('action', note('next'));
    assert.deepEqual(await notesIn(log), ['whole', 'next']);
    const damage = (await log.read()).find(({ kind }) => kind === 'damage');
    const file = `lineage.jsonl.${sha256(rest).slice(0, 12)}`;
    assert.deepEqual(damage?.spec, { problem: 'incompleteLine', bytes: rest.length, sha256: sha256(rest), file });
    assert.equal(await readFile(join(dirname(log.path), 'quarantine', file), 'utf8'), rest);
  });

  it('stays chained after lines of any length', async (test) => {
    const log = await newLog(test);
    const sizes = [0, 10, 65_000, 65_536, 200_000, 3, 700_000, 1];
    for (const size of sizes) await log.append('action', note('x'.repeat(size)));
    assert.deepEqual(
      (await notesIn(log)).map((text) => text.length),
      sizes,
    );
  });

  it('is empty before anything is recorded', async (test) => {
    assert.deepEqual(await (await newLog(test)).read(), []);
  });

  it('goes on from a log of the first version', async (test) => {
    const log = await newLog(test);
    const spec = { ...workOf('a'), digest: 'b'.repeat(64) };
    const first = JSON.stringify({ kind: 'artifact', previous: '0'.repeat(64), spec, version: 1 });
    await writeFile(log.path, `${first}\n`);
    await log.append('action', note('next'));
    const [old, next] = await log.read();
    assert.deepEqual([old?.version, old?.spec, next?.version], [1, spec, 2]);
  });

  it('is not read to its beginning to append to it, however long it is', async (test) => {
    const log = await newLog(test);
    await log.append('action', note('one'));
    const [line = ''] = await linesOf(log);
    // A file with a hole, which nobody could read to its end.
    const holeBytes = 2 ** 40;
    await truncate(log.path, 0);
    await truncate(log.path, holeBytes);
    await appendFile(log.path, `\n${line}\n`);
    await log.append('action', note('two'));
    const file = await open(log.path);
    const end = await readAt(file, holeBytes + 1, 1 << 16);
    await file.close();
    const lines = end.toString('utf8').trimEnd().split('\n');
    assert.deepEqual([lines.length, lines[0]], [2, line]);
    assert.equal((JSON.parse(lines[1] ?? '') as { previous: string }).previous, sha256(line));
  });
});
