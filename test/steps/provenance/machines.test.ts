import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { machinesOf } from '../../../steps/provenance/machines.js';
import { missingInput, worksBehind, type RecordedWork } from '../../../storage/store/work-records.js';

const old = { tensorflow: '2.21.0', processor: 'old' };
const recent = { tensorflow: '2.21.0', processor: 'new' };

function work(unit: string, digest: string, changes: Partial<RecordedWork> = {}): RecordedWork {
  const step = unit.split(' ')[0] ?? '';
  return { step, key: digest, unit, version: 1, parameters: {}, inputs: [], environment: old, digest, ...changes };
}

const needs = (...units: readonly string[]): { unit: string; digest: string }[] =>
  units.map((unit) => ({ unit, digest: `digest of ${unit}` }));

describe('the machines of a report', () => {
  it('are those that computed its results, each once with what it made, whichever machine writes the report', () => {
    const process = { tensorflow: '2.21.0', gpu: false, settings: { TF_NUM_INTRAOP_THREADS: '2', NVIDIA: null } };
    const works = [
      work('train a/unet/sd/fold-0', 'digest of train a/unet/sd/fold-0', { environment: { ...recent, process } }),
      work('train a/unet/sd/fold-1', 'digest of train a/unet/sd/fold-1'),
      work('evaluate a/unet/sd/fold-0', 'digest of evaluate a/unet/sd/fold-0', {
        inputs: needs('train a/unet/sd/fold-0'),
        environment: recent,
      }),
      work('evaluate a/unet/sd/fold-1', 'digest of evaluate a/unet/sd/fold-1', {
        inputs: needs('train a/unet/sd/fold-1'),
      }),
      work('join a', 'digest of join a', {
        inputs: needs('evaluate a/unet/sd/fold-0', 'evaluate a/unet/sd/fold-1'),
        environment: recent,
      }),
      work('train b/unet/sd/fold-0', 'of another sweep', { environment: { processor: 'foreign' } }),
    ];
    assert.deepEqual(machinesOf(worksBehind(works, needs('join a'))), [
      {
        made: [
          { step: 'evaluate', units: 1 },
          { step: 'join', units: 1 },
          { step: 'train', units: 1 },
        ],
        facts: [
          { name: 'tensorflow', value: '2.21.0' },
          { name: 'processor', value: 'new' },
          { name: 'gpu', value: 'false' },
          { name: 'TF_NUM_INTRAOP_THREADS', value: '2' },
        ],
      },
      {
        made: [
          { step: 'evaluate', units: 1 },
          { step: 'train', units: 1 },
        ],
        facts: [
          { name: 'tensorflow', value: '2.21.0' },
          { name: 'processor', value: 'old' },
        ],
      },
    ]);
  });

  it('are those of the work that was used, although other work has had the same result', () => {
    const ofSweep = (sweep: string, key: string) => ({ sweep, key, environment: { processor: key } });
    const works = [
      work('split a', 'folds', ofSweep('one', 'first')),
      work('train a/unet/sd/fold-0', 'weights', { sweep: 'one', inputs: [{ unit: 'split a', digest: 'folds' }] }),
      work('split a', 'folds', ofSweep('two', 'second')),
      work('train a/unet/sd/fold-0', 'others', { sweep: 'three', inputs: [{ unit: 'split a', digest: 'folds' }] }),
    ];
    const splitOf = (digest: string) =>
      worksBehind(works, [{ unit: 'train a/unet/sd/fold-0', digest }]).find(({ step }) => step === 'split')?.key;
    assert.equal(splitOf('weights'), 'first');
    assert.equal(splitOf('others'), 'second');
  });

  it('are incomplete without the work behind an input, which is named', () => {
    const works = [work('split a', 'folds'), work('train a/unet/sd/fold-0', 'weights', { inputs: needs('scan a') })];
    assert.equal(missingInput(works), 'scan a');
    assert.equal(missingInput([...works, work('scan a', 'digest of scan a')]), undefined);
  });

  it('are found for results of another sweep that calls the data set by another name', () => {
    const works = [
      work('train renamed/unet/sd/fold-0', 'weights', { environment: recent }),
      work('evaluate a/unet/sd/fold-0', 'rows', { inputs: [{ unit: 'train a/unet/sd/fold-0', digest: 'weights' }] }),
    ];
    const behind = worksBehind(works, [{ unit: 'evaluate a/unet/sd/fold-0', digest: 'rows' }]);
    assert.deepEqual(behind.map(({ unit }) => unit).sort(), [
      'evaluate a/unet/sd/fold-0',
      'train renamed/unet/sd/fold-0',
    ]);
  });
});
