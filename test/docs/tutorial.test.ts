import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { hippocampusFolder, repositoryRoot } from '../support/paths.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const docs = join(repositoryRoot, 'docs');

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

describe('docs/tutorial.md', () => {
  it('has commands that work, in its order, on the sample', async (test) => {
    const folder = await temporaryFolder(test);
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const main = join(repositoryRoot, 'dist', 'cli', 'main.js');
    await writeFile(join(bin, 'volbias'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    await chmod(join(bin, 'volbias'), 0o755);
    await symlink(hippocampusFolder, join(folder, 'hippocampus'));
    const page = readFileSync(join(docs, 'tutorial.md'), 'utf8');
    const commands = [...page.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, code = '']) => code);
    assert.ok(commands.length >= 6);
    const plain = Object.entries(process.env).filter(
      ([name]) => !/^(VOLBIAS_|TEMPORAL_|NODE_TEST_CONTEXT$)/.test(name),
    );
    const env = { ...Object.fromEntries(plain), PATH: `${bin}:${process.env.PATH ?? ''}` };
    const program = `set -e\n${commands.join('')}`;
    const output = execFileSync('bash', ['-c', program], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
    assert.match(output, /0 errors and 0 warnings in 10 cases/);
    const sweeps = readdirSync(join(folder, '.volbias', 'sweeps'));
    assert.ok(sweeps.some((id) => existsSync(join(folder, '.volbias', 'sweeps', id, 'report', 'report.html'))));
  });
});

describe('the pages for new users', () => {
  for (const page of ['README.md', 'tutorial.md', 'faq.md']) {
    it(`${page} links to pages and headings that exist`, () => {
      const text = readFileSync(join(docs, page), 'utf8');
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
      assert.ok(links.length > 5);
      for (const link of links) {
        const [path = '', anchor] = link.split('#');
        const file = join(dirname(join(docs, page)), path === '' ? page : path);
        assert.ok(existsSync(file), link);
        if (anchor === undefined) continue;
        const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
          anchorOf(heading),
        );
        assert.ok(headings.includes(anchor), link);
      }
    });
  }

  it('the index names every page', () => {
    const index = readFileSync(join(docs, 'README.md'), 'utf8');
    const pages = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'README.md');
    assert.deepEqual(
      pages.filter((name) => !index.includes(`(${name})`)),
      [],
    );
  });
});
