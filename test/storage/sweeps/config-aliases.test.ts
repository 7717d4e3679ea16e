import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { configOf, good, problemsOf } from '../../support/sweeps/config-text.js';

describe('a config', () => {
  it('may define a part once and use it again', () => {
    const two = good.replace('shape: [27, 27]', 'shape: &size [27, 27]').replace('crop: [27, 27]', 'crop: *size');
    assert.deepEqual(configOf(two).dataSets[0]?.preprocessing.crop, [27, 27]);
  });

  it('may merge a map into others (<<), whose own keys count', () => {
    const second = '  - { <<: *flat, name: second }';
    const merged = good.replace('  - name: flat', '  - &flat\n    name: flat').replace('split:', `${second}\nsplit:`);
    const [flat, other] = configOf(merged).dataSets;
    assert.deepEqual(other, { ...flat, name: 'second' });
    const wrong = problemsOf(merged.replace('[grey]', 'grey'));
    assert.deepEqual(
      wrong.map(({ path, line }) => `${String(line)} ${path}`),
      ['7 dataSets[0].modalities', '10 dataSets[1].modalities'],
    );
  });
});
