import assert from 'node:assert/strict';
import { it } from 'node:test';

import { bidsLabels } from '../../../domain/formats/bids-labels.js';

it('labels of BIDS have letters and digits only, and differ where names differ', () => {
  const labels = bidsLabels(['sub-01', 'p_2', 'p-2', 'p2', 'Ä', '日本', 'p-2']);
  assert.deepEqual(Object.fromEntries(labels), {
    'sub-01': '01',
    'p-2': 'p2',
    p2: 'p2x2',
    p_2: 'p2x3',
    Ä: 'x',
    日本: 'xx2',
  });
});
