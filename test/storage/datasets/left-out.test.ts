import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { findCases } from '../../../storage/datasets/layouts/index.js';
import { refusal, tree } from '../../support/data/data-set-trees.js';

describe('what a layout names, so that no case is left out silently,', () => {
  it('are folders of a BIDS tree that are named in capitals', async () => {
    const root = tree(
      'sub-01/ses-a/anat/sub-01_ses-a_T1w.nii.gz',
      'sub-01/SES-b/anat/sub-01_SES-b_T1w.nii.gz',
      'derivatives/lesions/sub-01/ses-a/anat/sub-01_ses-a_mask.nii.gz',
      'Sub-02/anat/Sub-02_T1w.nii.gz',
      'derivatives/lesions/Sub-02/anat/Sub-02_mask.nii.gz',
    );
    await refusal(
      'bids',
      root,
      ['T1w'],
      /2 cases/,
      /"sub-01\/SES-b": its folder must be named sub-01\/ses-b, in lower case/,
      /"Sub-02": its folder must be named sub-02, in lower case/,
    );
  });

  it('are files of a BIDS tree beside sessions, and masks of a subject without images', async () => {
    const root = tree(
      'sub-01/ses-a/anat/sub-01_ses-a_T1w.nii.gz',
      'sub-01/anat/sub-01_T1w.nii.gz',
      'derivatives/lesions/sub-01/ses-a/anat/sub-01_ses-a_mask.nii.gz',
      'derivatives/lesions/sub-02/anat/sub-02_mask.nii.gz',
      'derivatives/lesions/logs/a.txt',
    );
    const cases = await findCases('bids', root, { modalities: ['T1w'] });
    assert.deepEqual(
      cases.map(({ id, warning }) => [id, warning]),
      [
        [
          'sub-01_ses-a',
          'not read: derivatives/lesions/sub-02, sub-01/anat/sub-01_T1w.nii.gz; expected folders sub-01/ with images, ' +
            'and masks below derivatives/',
        ],
      ],
    );
  });

  it('are files of another subject of a BIDS tree', async () => {
    const root = tree(
      'sub-01/anat/sub-02_T1w.nii.gz',
      'derivatives/lesions/sub-01/anat/sub-01_mask.nii.gz',
      'sub-02/anat/sub-02_T1w.nii.gz',
      'derivatives/lesions/sub-02/anat/sub-01_mask.nii.gz',
    );
    await refusal(
      'bids',
      root,
      ['T1w'],
      /"sub-01": the names of its files must begin with sub-01_: sub-02_T1w\.nii\.gz/,
      /"sub-02": the names of its files must begin with sub-02_: sub-01_mask\.nii\.gz/,
    );
  });

  it('are folders in those of nnU-Net, and images in other formats', async () => {
    const expected = 'imagesTr/CASE_0000.nii.gz and labelsTr/CASE.nii.gz';
    const others = ['imagesTr/d_0000.jpg', 'labelsTr/a.dcm', 'imagesTr/notes.txt'];
    const inFolders = ['imagesTr/c/c_0000.nii.gz', 'labelsTr/c/c.nii.gz', 'labelsTr/old/a.nii.gz'];
    const some = tree('imagesTr/a_0000.nii.gz', 'imagesTr/a_0001.nii.gz', 'labelsTr/a.nii.gz', ...inFolders, ...others);
    const cases = await findCases('nnunet', some, { modalities: ['x', 'y'] });
    assert.deepEqual(
      cases.map(({ id, warning }) => [id, warning]),
      [['a', `not read: imagesTr/c, imagesTr/d_0000.jpg, labelsTr/c, labelsTr/old; expected ${expected}`]],
    );
    await refusal(
      'nnunet',
      tree(...inFolders),
      ['x'],
      /no case found; .*; not read: imagesTr\/c, labelsTr\/c, labelsTr\/old/,
    );
  });
});
