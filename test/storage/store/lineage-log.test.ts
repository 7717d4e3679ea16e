import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { spawn } from 'node:child_process';

import { LineageLog } from '../../../storage/store/lineage-log.js';
import { repositoryRoot } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = join(repositoryRoot, 'dist', 'storage', 'store', 'lineage-log.js');

async function newLog(test: TestContext): Promise<{ path: string; log: LineageLog }> {
  const path = join(await temporaryFolder(test), 'lineage.jsonl');
  return { path, log: new LineageLog(path) };
}

/** Appends to a log in another process. */
function appendElsewhere(path: string, who: string, count: number): Promise<number | null> {
  const program = `
    import { LineageLog } from ${JSON.stringify(module)};
    const log = new LineageLog(${JSON.stringify(path)});
    for (let i = 0; i < ${String(count)}; i++) await log.append('test', { who: ${JSON.stringify(who)}, i });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', resolve));
}

describe('the lineage log', () => {
  it('keeps records in order, each chained to the previous line by its SHA-256', async (test) => {
    const { path, log } = await newLog(test);
    // Not awaited one by one: the log appends them in turn.
    await Promise.all(['first', 'second', 'third'].map((spec) => log.append('test', spec)));
    const records = await log.read();
    assert.deepEqual(
      records.map(({ spec }) => spec),
      ['first', 'second', 'third'],
    );
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    assert.equal(records[0]?.previous, '0'.repeat(64));
    assert.equal(
      records[2]?.previous,
      createHash('sha256')
        .update(lines[1] ?? '')
        .digest('hex'),
    );
  });

  it('stays chained when two processes append at once', async (test) => {
    const { path, log } = await newLog(test);
    const codes = await Promise.all([appendElsewhere(path, 'a', 15), appendElsewhere(path, 'b', 15)]);
    assert.deepEqual(codes, [0, 0]);
    const specs = (await log.read()).map(({ spec }) => spec as { who: string; i: number });
    for (const who of ['a', 'b']) {
      const own = specs.filter((spec) => spec.who === who).map(({ i }) => i);
      assert.deepEqual(
        own,
        Array.from({ length: 15 }, (_, i) => i),
      );
    }
  });

  it('drops a last line that a crash cut short when the next line is appended', async (test) => {
    const { path, log } = await newLog(test);
    await log.append('test', 'whole');
    await appendFile(path, '{"kind":"test","prev');
    assert.deepEqual(
      (await log.read()).map(({ spec }) => spec),
      ['whole'],
    );
    await log.append('test', 'next');
    assert.deepEqual(
      (await log.read()).map(({ spec }) => spec),
      ['whole', 'next'],
    );
    assert.ok(!(await readFile(path, 'utf8')).includes('"prev{'));
  });

  it('stays chained after lines of any length', async (test) => {
    const { log } = await newLog(test);
    const sizes = [0, 10, 65_000, 65_536, 200_000, 3];
    for (const size of sizes) await log.append('test', 'x'.repeat(size));
    assert.deepEqual(
      (await log.read()).map(({ spec }) => String(spec).length),
      sizes,
    );
  });

  it('names the line that was altered, removed or inserted', async (test) => {
    const { path, log } = await newLog(test);
    for (const spec of ['one', 'two', 'three', 'four']) await log.append('test', spec);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const [one = '', two = '', three = '', four = ''] = lines;
    const broken: [lines: string[], line: number][] = [
      [[one, two.replace('two', 'TWO'), three, four], 3],
      [[one, three, four], 2],
      [[one, two, two, three, four], 3],
      [[two, one, three, four], 1],
    ];
    for (const [altered, line] of broken) {
      await writeFile(path, `${altered.join('\n')}\n`);
      await assert.rejects(log.read(), { code: 'STORE_CORRUPT', message: new RegExp(`line ${String(line)}:`) });
    }
  });

  it('refuses a line that is not a record', async (test) => {
    const { path, log } = await newLog(test);
    await writeFile(path, 'not JSON\n');
    await assert.rejects(log.read(), { code: 'STORE_CORRUPT', message: /line 1/ });
  });

  it('is empty before anything is recorded', async (test) => {
    const { log } = await newLog(test);
    assert.deepEqual(await log.read(), []);
  });
});
