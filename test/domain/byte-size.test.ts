import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { bytesOf } from '../../domain/byte-size.js';

describe('bytesOf', () => {
  it('reads decimal and binary units, with a fraction, with and without a space', () => {
    const read = ['500MB', '20 GiB', '0.5GB', '1.5MiB', '2TB', '1TiB'].map((text) => bytesOf('--memory', text));
    assert.deepEqual(read, [500e6, 20 * 2 ** 30, 5e8, 1.5 * 2 ** 20, 2e12, 2 ** 40]);
  });

  it('refuses whatever is no size, naming the setting', () => {
    for (const text of ['', '20', 'GB', '-1GB', '1kB', '1e3MB', '0.0000001MB', 'GB20'])
      assert.throws(() => bytesOf('--memory', text), { code: 'ARGUMENT_INVALID', message: /^--memory is "/ });
  });
});
