import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DomainError } from '../../../domain/domain-error.js';
import { chooseUnits, parseFilter, selectionNamed } from '../../../domain/plan/unit-selection.js';
import { planUnits, type PlannedUnit } from '../../../domain/plan/units.js';
import { pipeline } from '../../../steps/pipeline.js';

const units = planUnits(pipeline, {
  ...{ models: ['lr', 'unet'], losses: ['ce', 'sd'], folds: 3, repeats: 2 },
  dataSets: ['low', 'high'].map((name) => ({ name, shards: 2 })),
});

const idsOf = (chosen: readonly PlannedUnit[]): string[] => chosen.map(({ id }) => id);

const chosenBy = (filter: string): string[] => idsOf(chooseUnits([parseFilter(filter)], units));

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === 'ARGUMENT_INVALID', String(error));
    return error.message;
  }
  assert.fail('it was accepted');
}

describe('a selection of units', () => {
  it('by the name of a unit chooses this one', () => {
    for (const unit of units) {
      const selection = selectionNamed(unit.id);
      assert.ok(selection !== undefined);
      assert.deepEqual(idsOf(chooseUnits([selection], units)), [unit.id]);
    }
  });

  it('by the short form of a training also chooses its evaluation', () => {
    const selection = selectionNamed('low/unet/sd/2');
    assert.ok(selection !== undefined);
    const chosen = ['train low/unet/sd/fold-2', 'evaluate low/unet/sd/fold-2'];
    assert.deepEqual(idsOf(chooseUnits([selection], units)), chosen);
  });

  it('by a filter chooses all units that agree in what it names', () => {
    const chosen = chosenBy('step=train, model=unet,loss=sd,fold=0');
    const arm = (dataSet: string): string[] => ['', '/repeat-1'].map((one) => `train ${dataSet}/unet/sd/fold-0${one}`);
    assert.deepEqual(chosen, [...arm('low'), ...arm('high')]);
    assert.deepEqual(chosenBy('step=train,dataSet=low,model=lr,loss=ce,fold=1,repeat=0'), ['train low/lr/ce/fold-1']);
    assert.equal(
      chosenBy('dataSet=high').length,
      units.filter(({ coordinates: one }) => one.dataSet === 'high').length,
    );
  });

  it('of several chooses what any of them chooses, each unit once', () => {
    const filters = ['step=scan', 'step=scan,dataSet=low', 'step=report'].map(parseFilter);
    assert.deepEqual(idsOf(chooseUnits(filters, units)), ['scan low', 'scan high', 'report']);
  });

  it('is refused with what there is', () => {
    assert.equal(
      refusal(() => parseFilter('model=unet,fould=3')),
      '--filter has "fould=3", expected step=…, dataSet=…, shard=…, model=…, loss=…, fold=…, repeat=…, separated by commas',
    );
    for (const wrong of ['', 'model', 'model=', 'model=a=b', 'fold=x', 'fold=-1', 'fold=01']) {
      assert.match(
        refusal(() => parseFilter(wrong)),
        /^--filter has /,
      );
    }
    assert.equal(
      refusal(() => chosenBy('model=vnet')),
      'the sweep has no unit of model vnet; model is one of lr, unet',
    );
    assert.equal(
      refusal(() => chosenBy('fold=3')),
      'the sweep has no unit of fold 3; fold is from 0 to 2',
    );
    assert.match(
      refusal(() => chosenBy('step=scan,fold=1')),
      /no unit has all of these$/,
    );
    const impossible = refusal(() => chooseUnits([parseFilter('step=scan'), parseFilter('model=vnet')], units));
    assert.match(impossible, /model vnet/);
  });
});
