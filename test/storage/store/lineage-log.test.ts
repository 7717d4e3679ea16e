import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { spawn } from 'node:child_process';

import { LineageLog } from '../../../storage/store/lineage-log.js';
import { inspectLog } from '../../../storage/store/log-inspection.js';
import { readAt } from '../../../storage/store/log-lines.js';
import { flipBit } from '../../support/damage.js';
import { repositoryRoot } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { workOf } from '../../support/sweeps/test-store.js';

const module = join(repositoryRoot, 'dist', 'storage', 'store', 'lineage-log.js');

const newLog = async (test: TestContext): Promise<LineageLog> =>
  new LineageLog(join(await temporaryFolder(test), 'lineage.jsonl'));

const note = (reason: string) => ({ action: 'test', sweep: null, units: [], reason, operator: 'a tester' });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function linesOf({ path }: LineageLog): Promise<string[]> {
  return (await readFile(path, 'utf8')).trimEnd().split('\n');
}

/** What was noted, in order. */
async function notesIn(log: LineageLog): Promise<string[]> {
  return (await log.read()).flatMap((record) => (record.kind === 'action' ? [record.spec.reason ?? ''] : []));
}

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

/** A log of four notes, and its text. */
async function fourNotes(test: TestContext): Promise<{ log: LineageLog; lines: string[] }> {
  const log = await newLog(test);
  for (const text of ['one', 'two', 'three', 'four']) await log.append('action', note(text));
  return { log, lines: await linesOf(log) };
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

describe('a damaged lineage log', () => {
  /** Asserts that reading fails, and that these lines are named. */
  async function assertDamaged(log: LineageLog, ...lines: readonly number[]): Promise<void> {
    const { damages } = await inspectLog(log.path);
    assert.deepEqual(
      damages.map(({ line }) => line),
      lines,
      JSON.stringify(damages),
    );
    const place = lines[0] === 0 ? /lineage\.jsonl: all records/ : new RegExp(`lineage\\.jsonl, line ${lines[0]}: `);
    await assert.rejects(log.read(), { code: 'STORE_CORRUPT', message: place });
  }

  it('names the line that was altered, or where lines were removed or inserted', async (test) => {
    const { log, lines } = await fourNotes(test);
    const [one = '', two = '', three = '', four = ''] = lines;
    const other = two.replace('two', 'TWO');
    const broken: [lines: string[], named: number[]][] = [
      [[one, other, three, four], [2]],
      [[one.replace('one', 'One'), two, three, four], [1]],
      [[one, two, three, four.replace('four', 'Four')], [4]],
      [
        [one, two, 'no record', four],
        [2, 3],
      ],
      [
        [one, two, three, four.slice(0, -1)],
        [3, 4],
      ],
      [
        [one, two, three.replace('"version":2', '"version":3'), four],
        [2, 3],
      ],
      [[one, three, four], [1]],
      [[two, three, four], [1]],
      [[one, two, three], [3]],
      [[one, two, two, three, four], [2]],
      [[one, two, three, four, other], [4]],
      [
        [two, one, three, four],
        [1, 2],
      ],
      [[], [0]],
    ];
    for (const [altered, named] of broken) {
      await writeFile(log.path, altered.map((line) => `${line}\n`).join(''));
      await assertDamaged(log, ...named);
    }
    await writeFile(log.path, lines.map((line) => `${line}\n`).join(''));
    assert.deepEqual(await notesIn(log), ['one', 'two', 'three', 'four']);
  });

  it('is recognised whichever of its bits has flipped', async (test) => {
    const { log } = await fourNotes(test);
    const { size } = await stat(log.path);
    const text = await readFile(log.path);
    for (let offset = 0; offset < size; offset += 17) {
      await flipBit(log.path, offset);
      assert.notDeepEqual((await inspectLog(log.path)).damages, [], `byte ${offset}`);
      await writeFile(log.path, text);
    }
  });

  it('is recognised when its end is cut off, in a line or after one, before and after the next append', async (test) => {
    const { log, lines } = await fourNotes(test);
    const text = await readFile(log.path);
    for (const cut of [1, 100, (lines[3] ?? '').length + 1]) {
      await writeFile(log.path, text);
      await truncate(log.path, text.length - cut);
      await assertDamaged(log, 3);
      await log.append('action', note('next'));
      await assertDamaged(log, 3);
    }
  });

  it('is recognised when the whole log is lost', async (test) => {
    const { log } = await fourNotes(test);
    await rm(log.path);
    await assertDamaged(log, 0);
    await log.append('action', note('next'));
    await assertDamaged(log, 0);
  });

  it('goes on once the damage is acknowledged; what was altered no longer counts', async (test) => {
    const { log, lines } = await fourNotes(test);
    const [one = '', two = '', three = '', four = ''] = lines;
    const broken: [lines: string[], left: string[]][] = [
      [
        [one, two.replace('two', 'TWO'), three, four],
        ['one', 'three', 'four'],
      ],
      [
        [one, two, two, three, four],
        ['one', 'two', 'three', 'four'],
      ],
      [
        [one, two, three],
        ['one', 'two'],
      ],
      [
        [one, 'no record', three, four],
        ['three', 'four'],
      ],
      [[], []],
    ];
    for (const [altered, left] of broken) {
      await writeFile(`${log.path}.head`, `${sha256(four)}\n`);
      await writeFile(log.path, altered.map((line) => `${line}\n`).join(''));
      const { damages } = await inspectLog(log.path);
      await log.append('repair', {
        lines: damages.map(({ line, sha256: digest }) => ({ line, sha256: digest })),
        operator: 'x',
      });
      assert.deepEqual(await notesIn(log), left);
      // Altered once more, it is damage of its own.
      const again = (await readFile(log.path, 'utf8')).replace('"TWO"', '"tWO"');
      await writeFile(log.path, again);
      if (again.includes('tWO')) await assertDamaged(log, 2);
    }
  });

  it('does not keep results from being recorded', async (test) => {
    const { log, lines } = await fourNotes(test);
    await writeFile(log.path, `${lines.join('\n').replace('two', 'TWO')}\n`);
    await log.append('action', note('next'));
    await assertDamaged(log, 2);
    await rm(log.path);
    await mkdir(log.path);
    await assert.rejects(log.append('action', note('next')), { code: 'EISDIR' });
  });
});
