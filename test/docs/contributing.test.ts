import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { repositoryRoot } from '../support/paths.js';

/** Top folders whose paths the pages name; outputs (`report/…`) and folders of data sets (`images/…`) are not among them. */
const rooms = [
  ...['activities', 'cli', 'configs', 'contracts', 'docs', 'domain', 'learning', 'scripts', 'steps', 'storage', 'test'],
  ...['worker', 'workflows', '.ci'],
];

const decisions = join('docs', 'decisions');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  join('docs', 'training.md'),
  join('docs', 'paper-differences.md'),
  ...readdirSync(join(repositoryRoot, decisions)).map((name) => join(decisions, name)),
];

/** Fenced code shows files that a reader is about to write, so only running text is looked at. */
function runningText(markdown: string): string {
  return markdown.replace(/^[ \t]*```[\s\S]*?^[ \t]*```/gm, '');
}

/** Paths in backticks that begin with one of the top folders, or a settings file beside them, such as `.prettierrc.json`. */
function namedPaths(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.trim());
  const isPath = (code: string): boolean => /^[\w.-]+(\/[\w.-]+)*\/?$/.test(code);
  const inRoom = (code: string): boolean => code.includes('/') && rooms.includes(code.split('/')[0] ?? '');
  return quoted.filter((code) => (isPath(code) && inRoom(code)) || /^\.[a-z-]+\.(cjs|json)$/.test(code));
}

/** Paths of the arguments of commands in backticks, such as `npx volbias plan configs/quickstart.yaml`. */
function namedInCommands(text: string): string[] {
  const commands = [...text.matchAll(/`((?:node|npx|npm|volbias) [^`\n]+)`/g)].map(([, command = '']) => command);
  return commands
    .flatMap((command) => command.split(/\s+/))
    .filter((word) => /^configs\/[\w.-]+\.(yaml|json)$/.test(word));
}

/** Targets of links that lead into the repository. */
function linkedPaths(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('paths in the pages for readers', () => {
  for (const page of pages) {
    const path = join(repositoryRoot, page);
    it(`${page} names only files that exist`, () => {
      const text = runningText(readFileSync(path, 'utf8'));
      const named = [...namedPaths(text), ...namedInCommands(text)].map((name) => join(repositoryRoot, name));
      const linked = linkedPaths(text).map((target) => join(dirname(path), target));
      assert.deepEqual(
        [...new Set([...named, ...linked])].filter((one) => !existsSync(one)),
        [],
      );
      if (page === 'CONTRIBUTING.md') assert.ok(named.length > 30, 'it names the places to change');
    });
  }
});
