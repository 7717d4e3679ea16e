import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

import { repositoryRoot } from '../support/paths.js';
import { settingsIn } from '../support/sweeps/config-settings.js';

const textOf = (name: string): string => readFileSync(join(repositoryRoot, 'configs', `${name}.yaml`), 'utf8');

/** Sections that hold for any data set. */
const sections = ['split', 'arms', 'network', 'training', 'evaluation', 'statistics'] as const;

function at(config: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);
}

/** As in the file, where elements of a list have no key. */
const keysOf = (path: readonly (string | number)[]): string =>
  path.filter((key) => !/^\d+$/.test(String(key))).join('.');

/** The comments of each key, those above it and those of the keys that contain it included, by its path in the file. */
function commentsByPath(text: string): Map<string, string> {
  const comments = new Map<string, string>();
  let open: { readonly indent: number; readonly path: string }[] = [];
  let above = '';
  for (const line of text.split('\n')) {
    const comment = /(?:^|\s)#(.*)$/.exec(line)?.[1] ?? '';
    const key = /^( *)(\w+):/.exec(line);
    if (key === null) {
      above = line.trim().startsWith('#') ? `${above} ${comment}` : '';
      continue;
    }
    const indent = (key[1] ?? '').length;
    open = open.filter((outer) => outer.indent < indent);
    const outer = open.at(-1)?.path;
    const path = outer === undefined ? (key[2] ?? '') : `${outer}.${key[2] ?? ''}`;
    comments.set(path, [comments.get(outer ?? '') ?? '', above, comment].join(' '));
    open.push({ indent, path });
    above = '';
  }
  return comments;
}

for (const name of ['hippocampus', 'quickstart']) {
  describe(`configs/${name}.yaml`, () => {
    const text = textOf(name);
    const [own, paper] = [parse(text) as unknown, parse(textOf('brats2018')) as unknown];
    const comments = commentsByPath(text);
    const paths = sections.flatMap((section) => settingsIn(at(own, [section]), [section]));

    it("marks each setting that differs from the paper's configs", () => {
      const departing = paths.filter((path) => at(own, path) !== at(paper, path));
      assert.ok(departing.length > 5);
      const unmarked = departing.filter((path) => {
        const inFile = keysOf(path);
        return !/differs|weaker than in the paper/.test(comments.get(inFile) ?? '');
      });
      assert.deepEqual(unmarked, []);
    });

    it('says how masks are resampled, and that the paper resamples them otherwise', () => {
      const dataSets = (own as { dataSets: { label?: { resampling?: string }; preprocessing: object }[] }).dataSets;
      const resampled = dataSets.filter(({ preprocessing }) => 'spacingMm' in preprocessing);
      assert.ok(resampled.length > 0);
      for (const { label } of resampled) {
        assert.notEqual(label?.resampling, undefined);
        assert.notEqual(label?.resampling, at(paper, ['dataSets', 0, 'label', 'resampling']));
      }
      assert.match(comments.get('dataSets.label.resampling') ?? '', /differs \(authors: linear/);
    });

    it('says that none of the others differs', () => {
      const marked = paths.filter((path) => {
        const inFile = keysOf(path);
        return at(own, path) === at(paper, path) && (comments.get(inFile) ?? '').includes('differs');
      });
      assert.deepEqual(marked, []);
    });
  });
}
