import assert from 'node:assert/strict';
import test from 'node:test';

import { printable } from '../../../cli/terminal/printable.js';

test('control characters except tabs and line feeds, and direction marks, are escaped; all other text is unchanged', () => {
  assert.equal(printable('\u001b[2Jcase\r\u009b1m\u007f'), '\\x1b[2Jcase\\x0d\\x9b1m\\x7f');
  assert.equal(printable('lesion\u202egz.iin'), 'lesion\\u202egz.iin');
  assert.equal(printable('ΔV\t1\n│ Łukasz 🧠 │'), 'ΔV\t1\n│ Łukasz 🧠 │');
});
