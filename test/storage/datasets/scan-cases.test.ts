import assert from 'node:assert/strict';
import { it } from 'node:test';

import { dataChanges } from '../../../domain/lineage/data-changes.js';
import { casesOfScan, type ScannedCase } from '../../../storage/datasets/scan-cases.js';

it('a case has changed between two scans if one of its files or its participant has', () => {
  const own = (id: string, participant: string, digest: string): ScannedCase => ({
    ...{ id, participant, images: [{ modality: 'T1', path: 'a.nii', digest }] },
    label: { path: 'mask.nii', digest: 'mask' },
  });
  const before = casesOfScan({ cases: [own('a', 'P1', 'one'), own('b', 'P2', 'two'), own('c', 'P3', 'three')] });
  const now = casesOfScan({ cases: [own('a', 'P1', 'one'), own('b', 'P2', 'other'), own('c', 'P1', 'three')] });
  assert.deepEqual(dataChanges(before, now), { added: [], removed: [], changed: ['b', 'c'] });
});
