import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { type LineageLog } from '../../../storage/store/lineage-log.js';
import { inspectLog } from '../../../storage/store/log-inspection.js';
import { flipBit } from '../../support/damage.js';
import { fourNotes, note, notesIn, sha256 } from './lineage-notes.js';

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

  it('is recognised when the head beside it is lost, before and after the next append', async (test) => {
    const { log } = await fourNotes(test);
    await rm(`${log.path}.head`);
    await assertDamaged(log, 4);
    await log.append('action', note('next'));
    await assertDamaged(log, 4);
    const [damage] = (await inspectLog(log.path)).damages;
    await log.append('repair', { lines: [{ line: damage?.line ?? 0, sha256: damage?.sha256 ?? '' }], operator: 'me' });
    assert.deepEqual((await inspectLog(log.path)).damages, []);
  });

  it('has one record without a head, if power failed between the two', async (test) => {
    const { log, lines } = await fourNotes(test);
    await writeFile(log.path, `${lines[0] ?? ''}\n`);
    await rm(`${log.path}.head`);
    await log.append('action', note('next'));
    assert.deepEqual((await inspectLog(log.path)).damages, []);
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
