import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { splitFolds } from '../../activities/split-folds.js';
import type { StepWork } from '../../activities/activity-context.js';
import type { SplitSummary, StatisticsSummary } from '../../storage/cases/unit-cases.js';
import { configOf } from '../support/data/prepare-data-set.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { openTestStore, workOf } from '../support/sweeps/test-store.js';

const caseOf = (id: string) => ({
  ...{ id, participant: id, artifact: id, images: id, moments: [] },
  quality: {
    ...{ structureVoxelsBefore: 1, structureVoxelsAfter: 1, volumeBefore: 1, volumeAfter: 1 },
    croppedAwayStructureVoxels: 0,
    intensities: [],
  },
});

describe('imported folds', () => {
  it('may name cases that the config leaves out as faulty, and no other strangers', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const summary: StatisticsSummary = {
      cases: ['a', 'b', 'c'].map(caseOf),
      excluded: [{ id: 'bad', reason: 'its mask is missing' }],
    };
    const ref = await store.put({ ...workOf('1'), step: 'statistics' }, { files: {}, summary });
    const split = async (importedFolds: unknown): Promise<SplitSummary> => {
      const config = configOf({ kind: 'nnunet', path: 'x', modalities: ['T1'], preprocessing: { crop: [3, 3, 3] } });
      const request = { coordinates: { dataSet: 'own' }, inputs: [{ unit: 'statistics own', ref }] };
      const content = { config, importedFolds, environment: null };
      // The step reads its request, the config and the store, nothing else.
      return (await splitFolds({ context: { store }, request, content } as unknown as StepWork))
        .summary as SplitSummary;
    };
    assert.deepEqual(
      (
        await split([
          ['a', 'bad'],
          ['c', 'b'],
        ])
      ).folds,
      [['a'], ['b', 'c']],
    );
    await assert.rejects(
      split([
        ['a', 'other'],
        ['c', 'b'],
      ]),
      /case other is not in the data set/,
    );
    await assert.rejects(split([['bad'], ['a', 'c', 'b']]), /a fold is empty/);
  });
});
