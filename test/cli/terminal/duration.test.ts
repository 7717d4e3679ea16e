import assert from 'node:assert/strict';
import { it } from 'node:test';

import { duration } from '../../../cli/terminal/duration.js';

it('says a time in the two largest units that matter', () => {
  const said = [0.4, 12, 245, 12_000, 71 * 3600 + 60, 72 * 3600, 1764 * 3600].map(duration);
  assert.deepEqual(said, ['0 s', '12 s', '4 min 5 s', '3 h 20 min', '71 h 1 min', '3 days 0 h', '73 days 12 h']);
});
