import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { undeclaredWarning } from '../../../storage/datasets/declared-labels.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a rule that dataset.json does not bear out', () => {
  const nnunet = { background: 0, core: 1, whole: [1, 2] };
  for (const [form, kind, labels] of [
    ['nnU-Net', 'nnunet', nnunet],
    ['the Decathlon', 'decathlon', { 0: 'background', 1: 'core', 2: 'whole' }],
  ] as const) {
    it(`is told with the labels that there are, in the form of ${form}`, async (test) => {
      const root = await temporaryFolder(test);
      await writeFile(join(root, 'dataset.json'), JSON.stringify({ labels }));
      const warningOf = (
        label: Parameters<typeof undeclaredWarning>[0]['label'],
        structure?: string,
      ): Promise<string | undefined> => undeclaredWarning({ kind, label }, { root, structure });
      const list = kind === 'nnunet' ? '0 (background), 1 (core), 1, 2 (whole)' : '0 (background), 1 (core), 2 (whole)';
      assert.equal(
        await warningOf({ equals: 4 }),
        `label: { equals: 4 } names 4, which is none of the labels that dataset.json declares: ${list}`,
      );
      assert.match((await warningOf({ anyOf: [1, 3, 4] }, 'core')) ?? '', /^structures\.core: .* names 3, 4, which/);
      assert.match((await warningOf({ greaterThan: 2 })) ?? '', /selects none of the labels/);
      for (const fine of [{}, { equals: 2 }, { anyOf: [1, 2] }, { greaterThan: 1 }]) {
        assert.equal(await warningOf(fine), undefined);
      }
    });
  }

  it('is not looked for without such a file, without labels in it, and in other layouts', async (test) => {
    const root = await temporaryFolder(test);
    const label = { equals: 4 };
    assert.equal(await undeclaredWarning({ kind: 'nnunet', label }, { root }), undefined);
    await writeFile(join(root, 'dataset.json'), JSON.stringify({ labels: 'none' }));
    assert.equal(await undeclaredWarning({ kind: 'nnunet', label }, { root }), undefined);
    await writeFile(join(root, 'dataset.json'), JSON.stringify({ labels: nnunet }));
    assert.equal(await undeclaredWarning({ kind: 'bids', label }, { root }), undefined);
  });
});
