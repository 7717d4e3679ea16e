import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';

import { writtenConfigSchema } from '../../configs/config-schema.js';
import { readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { repositoryRoot } from '../support/paths.js';

const folder = join(repositoryRoot, 'configs');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('the config files', () => {
  it('include the two examples and the four experiments of the paper', () => {
    const named = ['brats2018', 'hippocampus', 'isles2017', 'isles2018', 'molars', 'quickstart'];
    assert.deepEqual(
      named.filter((name) => !files.includes(`${name}.yaml`)),
      [],
    );
  });

  for (const name of files) {
    it(`${name} is valid`, async () => {
      await readSweepContentFor(join(folder, name));
    });

    it(`${name} names the JSON Schema where editors look for it`, () => {
      const [first] = readFileSync(join(folder, name), 'utf8').split('\n');
      assert.equal(first, '# yaml-language-server: $schema=./config.schema.json');
    });
  }
});

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** Paths of the keys without a description for editors to show. */
function undescribed({ properties = {}, items, anyOf = [] }: SchemaNode, path: string): string[] {
  const own = Object.entries(properties).flatMap(([key, value]) => {
    const place = `${path}.${key}`;
    return [...((value.description ?? '') === '' ? [place] : []), ...undescribed(value, place)];
  });
  return [...own, ...[...anyOf, ...(items === undefined ? [] : [items])].flatMap((node) => undescribed(node, path))];
}

describe('configs/config.schema.json', () => {
  const text = readFileSync(join(folder, 'config.schema.json'), 'utf8');

  it('is what "volbias config schema" prints', () => {
    assert.deepEqual(
      JSON.parse(text),
      z.toJSONSchema(writtenConfigSchema, { io: 'input' }),
      'run: node dist/cli/main.js config schema > configs/config.schema.json, then prettier --write on it',
    );
  });

  it('describes every key', () => {
    assert.deepEqual(undescribed(JSON.parse(text) as SchemaNode, ''), []);
  });
});
