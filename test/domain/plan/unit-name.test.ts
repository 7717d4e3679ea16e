import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseUnitName } from '../../../domain/plan/unit-name.js';
import { planUnits, unitId } from '../../../domain/plan/units.js';
import { pipeline } from '../../../steps/pipeline.js';

describe('the name of a unit', () => {
  it('is its id, which gives step and coordinates back', () => {
    const shape = {
      ...{ models: ['lr', 'unet'], losses: ['ce', 'sd'], folds: 12, repeats: 2 },
      // The config's schema allows such names.
      dataSets: ['lesions', 'fold-1', '3'].map((name) => ({ name, shards: 11 })),
    };
    for (const { id, step, coordinates } of planUnits(pipeline, shape)) {
      assert.deepEqual(parseUnitName(id), { step, coordinates }, id);
    }
  });

  it('is, for the fold of an arm, also a short form that leaves the step open', () => {
    const coordinates = { dataSet: 'lesions', model: 'unet', loss: 'sd', fold: 3 };
    for (const name of ['lesions/unet/sd/3', 'lesions/unet/sd/fold-3', ' lesions/unet/sd/3/0 ']) {
      assert.deepEqual(parseUnitName(name), { step: undefined, coordinates }, name);
    }
    assert.deepEqual(parseUnitName('train lesions/unet/sd/3/2'), {
      step: 'train',
      coordinates: { ...coordinates, repeat: 2 },
    });
    assert.equal(unitId('train', coordinates), 'train lesions/unet/sd/fold-3');
  });

  it('is nothing else', () => {
    const wrong = [
      '',
      ' ',
      'train a b',
      'a/',
      '/a',
      'a/unet',
      'a/unet/sd',
      'a/unet/sd/x',
      'a/unet/sd/03',
      'a/unet/sd/-1',
    ];
    for (const name of [...wrong, 'a/unet/sd/fold-', 'a/unet/sd/1/x', 'a/unet/sd/1/2/3', 'a/shard-1/x', 'a/1']) {
      assert.equal(parseUnitName(name), undefined, name);
    }
  });
});
