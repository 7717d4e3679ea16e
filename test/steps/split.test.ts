import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { split } from '../../steps/split.js';
import { stepInputs } from '../../steps/step-inputs.js';
import { surroundingsOf } from '../../steps/surroundings.js';
import { recordSweep } from '../../storage/sweeps/sweep-records.js';
import { configOf } from '../support/data/prepare-data-set.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { openTestStore, workOf } from '../support/sweeps/test-store.js';

const caseOf = (id: string) => ({
  ...{ id, participant: id, artifact: id, images: id, moments: [] },
  quality: {
    ...{ structureVoxelsBefore: 1, structureVoxelsAfter: 1, volumeBefore: 1, volumeAfter: 1 },
    unpredictable: { fieldOfView: 0, crop: 0, margin: 0, mask: 0 },
    intensities: [],
  },
});

describe('imported folds', () => {
  it('may name cases that the config excludes as faulty, but no other unknown cases', async (test) => {
    const { store, folder, lineage } = openTestStore(await temporaryFolder(test));
    const summary = {
      cases: ['a', 'b', 'c'].map(caseOf),
      excluded: ['bad'],
    };
    const ref = await store.put({ ...workOf('1'), step: 'statistics' }, { files: {}, summary });
    const config = configOf({ kind: 'nnunet', path: 'x', modalities: ['T1'], preprocessing: { crop: [3, 3, 3] } });
    const foldsOf = async (importedFolds: string[][]): Promise<readonly (readonly string[])[]> => {
      const content = { config, importedFolds, environment: null };
      const place = { configPath: 'config.yaml', paths: new Map<string, string>() };
      const { id: sweepId, specification } = await recordSweep(folder, store, place, content);
      const coordinates = { dataSet: 'own' };
      const inputs = [{ unit: 'statistics own', ref }];
      const request = { sweepId, specification, coordinates, key: '', inputs, gaps: [] };
      const { signal } = new AbortController();
      const here = { store, lineage, folder, environment: {}, signal, onProgress: () => undefined };
      const surroundings = await surroundingsOf(request, content, here);
      return (await split.run({ request, content, inputs: stepInputs(store, inputs) }, surroundings)).summary.folds;
    };
    assert.deepEqual(
      await foldsOf([
        ['a', 'bad'],
        ['c', 'b'],
      ]),
      [['a'], ['b', 'c']],
    );
    await assert.rejects(
      foldsOf([
        ['a', 'other'],
        ['c', 'b'],
      ]),
      /case other is not in the data set/,
    );
    await assert.rejects(foldsOf([['bad'], ['a', 'c', 'b']]), /a fold is empty/);
  });
});
