import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { traceTarget } from '../../../domain/lineage/trace-target.js';

const arms = ['sd', 'tversky-0.3-0.7'].map((loss) => ({ dataSet: 'isles2017', model: 'unet', loss }));
const files = ['table1.csv', 'report.html'];
const targetOf = (what: string): unknown => traceTarget(what, { arms, files });

describe('what a trace begins at', () => {
  it('is a cell, one of its cases or a row, also where names contain dots', () => {
    for (const arm of arms) {
      const prefix = `isles2017.unet.${arm.loss}`;
      assert.deepEqual(targetOf(`${prefix}.volumeError`), { kind: 'value', arm, measure: 'volumeError' });
      assert.deepEqual(targetOf(`${prefix}.dice.case.1`), { kind: 'value', arm, measure: 'dice', caseId: 'case.1' });
      assert.deepEqual(targetOf(`${prefix}.case.1`), { kind: 'row', arm, caseId: 'case.1' });
    }
  });

  it('is a file of the report or a unit', () => {
    assert.deepEqual(targetOf('table1.csv'), { kind: 'file', name: 'table1.csv' });
    const coordinates = { dataSet: 'isles2017', model: 'unet', loss: 'tversky-0.3-0.7', fold: 2 };
    const named = { step: undefined, coordinates };
    assert.deepEqual(targetOf('isles2017/unet/tversky-0.3-0.7/2'), { kind: 'unit', named });
    assert.deepEqual(targetOf('report'), { kind: 'unit', named: { step: 'report', coordinates: {} } });
  });

  it('is nothing else', () => {
    assert.equal(targetOf('isles2017/unet/sd'), undefined);
    assert.equal(targetOf(''), undefined);
  });
});
