import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { configOf, good, problemAfter, problemsOf } from '../../support/sweeps/config-text.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a hostile config', () => {
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    it(`with the key ${key} is refused in YAML, in JSON and escaped`, () => {
      for (const written of [key, `"${key}"`, `"\\x${key.charCodeAt(0).toString(16)}${key.slice(1)}"`]) {
        const problem = problemAfter('seed: 1', `seed: 1\n${written}: { polluted: 1 }`);
        assert.deepEqual([problem.line, /not allowed/.test(problem.message)], [3, true]);
      }
      const nested = problemAfter('{ folds: 2 }', `{ folds: 2, ${key}: { polluted: 1 } }`);
      assert.match(nested.message, /not allowed/);
      assert.match(problemsOf(`{"${key}": {"polluted": 1}}`)[0]?.message ?? '', /not allowed/);
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
    });
  }

  it('that is an alias bomb is refused before it is expanded', () => {
    const levels = 'bcdefghij'.split('');
    const bomb = levels.map((name) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1);
      return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`;
    });
    const [problem] = problemsOf(`a: &a [lol]\n${bomb.join('\n')}\n${good}`);
    assert.match(problem?.message ?? '', /refused: .*alias/i);
  });

  it('that refers to itself is refused', () => {
    assert.ok(problemsOf(`a: &a [*a]\n${good}`)[0]);
  });

  it('larger than a megabyte is not read', async (test) => {
    const path = join(await temporaryFolder(test), 'large.yaml');
    await writeFile(path, `${good}${'#'.repeat(1_000_000)}`);
    await assert.rejects(readSweepContentFor(path), {
      code: 'CONFIG_INVALID',
      message: /has \d+ bytes; the limit is 1000000/,
    });
  });

  it('with more entries than any config needs is refused before they are checked', () => {
    const lists = Array.from({ length: 100 }, (_, index) => `list${index}: [${'x, '.repeat(700)}x]`).join('\n');
    const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n');
    for (const text of [keys, lists]) {
      const [only, ...others] = problemsOf(`${good}${text}`);
      assert.match(only?.message ?? '', /has \d+ entries; the limit is 10000/);
      assert.deepEqual(others, []);
    }
  });

  it('nested too deeply is refused', () => {
    for (const text of ['['.repeat(300_000), '{a: '.repeat(200_000)]) {
      assert.match(problemsOf(`${good}deep: ${text}`)[0]?.message ?? '', /nested too deeply/);
    }
  });

  it('with very many problems lists the first hundred', () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join('\n');
    assert.throws(
      () => configOf(`${good}${keys}`),
      /^[^]*5000 problems in the config:\n(.*\n){100} {2}… and 4900 more$/,
    );
  });

  it('that is an image, or no text, is told so in one line', async (test) => {
    const folder = await temporaryFolder(test);
    for (const [name, message] of [
      ['scan.nii.gz', /^cannot read the config .*scan\.nii\.gz: it is named as an image; volbias init writes a config/],
      ['sweep.yaml', /^cannot read the config .*sweep\.yaml: it is no text; a config is YAML or JSON in UTF-8$/],
    ] as const) {
      const path = join(folder, name);
      await writeFile(path, gzipSync(randomBytes(5000)));
      await assert.rejects(readSweepContentFor(path), { code: 'CONFIG_INVALID', message });
    }
  });

  it('that is a pipe is refused at once', async (test) => {
    const path = join(await temporaryFolder(test), 'pipe.yaml');
    assert.equal(spawnSync('mkfifo', [path]).status, 0);
    await assert.rejects(readSweepContentFor(path), {
      code: 'CONFIG_INVALID',
      message: /a device or a pipe, not a file/,
    });
  });
});
