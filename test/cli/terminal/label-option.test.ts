import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { labelRuleOf } from '../../../cli/terminal/label-option.js';

describe('--label', () => {
  it('has the rules of a config: values above one, one value, several values', () => {
    for (const text of ['1', '>1', ' > 1 ']) assert.deepEqual(labelRuleOf(text), { greaterThan: 1 }, text);
    assert.deepEqual(labelRuleOf('-0.5'), { greaterThan: -0.5 });
    assert.deepEqual(labelRuleOf('=2'), { anyOf: [2] });
    for (const text of ['1,3', '=1,3', '1, 3']) assert.deepEqual(labelRuleOf(text), { anyOf: [1, 3] }, text);
  });

  it('is refused with the syntax', () => {
    for (const text of ['', 'x', '1,', ',', '>', '=', '>1,3', '>=1', 'Infinity']) {
      assert.throws(() => labelRuleOf(text), {
        code: 'ARGUMENT_INVALID',
        message: `--label is "${text}", expected a number, such as 0: 1 or '>1' for the values above 1, =2 for the value 2, 1,3 for the values 1 and 3`,
      });
    }
  });
});
