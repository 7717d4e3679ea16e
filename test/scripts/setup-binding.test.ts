import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { repositoryRoot } from '../support/paths.js';
import { loadSetup } from './setup-scripts.js';

const { withAdditions } = await loadSetup('parts/binding-patch.mjs');
const sources = join(repositoryRoot, 'node_modules', '@tensorflow', 'tfjs-node-gpu', 'binding');

describe('the additions to the TensorFlow binding', () => {
  for (const name of ['tfjs_backend.h', 'tfjs_binding.cc']) {
    it(`fit ${name}, and refuse a source that is not the expected one`, async () => {
      const source = await readFile(join(sources, name), 'utf8');
      const added = withAdditions(name, source);
      assert.ok(added.length > source.length);
      assert.throws(() => withAdditions(name, source + source), /not the expected one/);
      assert.throws(() => withAdditions(name, ''), /not the expected one/);
    });
  }

  it('leave the other files as they are', () => {
    assert.equal(withAdditions('utils.h', 'text'), 'text');
  });
});
