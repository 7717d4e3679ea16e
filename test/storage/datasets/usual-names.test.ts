import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { findCases } from '../../../storage/datasets/layouts/index.js';
import { found, refusal, tree } from '../../support/data/data-set-trees.js';

describe('images without numbers of channels', () => {
  it('are the only modality of nnU-Net’s layout, under the names of their masks', async () => {
    const root = tree('images/p_0001.nii.gz', 'images/p_0002.nii.gz', 'masks/p_0001.nii.gz', 'masks/p_0002.nii.gz');
    assert.deepEqual(await found('nnunet', root, ['T1']), {
      p_0001: ['images/p_0001.nii.gz', 'masks/p_0001.nii.gz'],
      p_0002: ['images/p_0002.nii.gz', 'masks/p_0002.nii.gz'],
    });
    await refusal('nnunet', root, ['T1', 'T2'], /missing: images\/p_0000/);
    const faulty = tree('images/a.nii.gz', 'images/b.nii.gz', 'masks/a.nii.gz', 'masks/c.nii.gz');
    await refusal('nnunet', faulty, ['T1'], /"b": missing: masks\/b \(/, /"c": missing: images\/c \(/);
  });

  it('are not looked for where some image has a number', async () => {
    const root = tree('imagesTr/a_0000.nii.gz', 'imagesTr/b.nii.gz', 'labelsTr/a.nii.gz', 'labelsTr/b.nii.gz');
    await refusal('nnunet', root, ['T1'], /one case is faulty/, /"b": missing: imagesTr\/b_0000/);
  });

  it('are volumes, which a folder of pictures says who reads', async () => {
    const root = tree('images/a.nii.gz', 'masks/a.nii.gz');
    await refusal(
      'folder2d',
      root,
      ['x'],
      /a\.nii\.gz and a\.nii\.gz are not PNG, JPEG or TIFF; kind: nnunet reads 3D/,
    );
  });
});

describe('masks named after their images', () => {
  it('belong to them', async () => {
    const names = ['images/a.png', 'masks/a_mask.png', 'images/b.png', 'masks/b-seg.png', 'images/c_gt.png'];
    assert.deepEqual(await found('folder2d', tree(...names, 'masks/c_gt.png'), ['x']), {
      a: ['images/a.png', 'masks/a_mask.png'],
      b: ['images/b.png', 'masks/b-seg.png'],
      c_gt: ['images/c_gt.png', 'masks/c_gt.png'],
    });
    const volumes = tree('images/a.nii.gz', 'labels/a_seg.nii.gz');
    const [own] = await findCases('nnunet', volumes, { modalities: ['x'] });
    assert.equal(own?.id, 'a');
    assert.equal(own.dataSetWarning, undefined);
  });

  it('are not chosen among several', async () => {
    const root = tree('images/a.png', 'masks/a_mask.png', 'masks/a_seg.png');
    await refusal('folder2d', root, ['x'], /"a": missing: masks\/a\.png/, /"a_seg": missing: images\/a_seg\.png/);
  });
});

describe('folders that differ in capitals', () => {
  it('are found if none has the very name', async () => {
    assert.deepEqual(await found('folder2d', tree('Images/a.png', 'MASKS/a.png'), ['x']), {
      a: ['Images/a.png', 'MASKS/a.png'],
    });
    assert.deepEqual(await found('folder2d', tree('images/a.png', 'labels/a.png', 'Masks/b.png'), ['x']), {
      a: ['images/a.png', 'labels/a.png'],
    });
    const both = tree('images/a.png', 'Masks/a.png', 'Labels/a.png');
    await refusal('folder2d', both, ['x'], /it has the folders Masks\/, Labels\/; name the folder with masks/);
  });
});

describe('masks of BIDS', () => {
  it('may lie directly below derivatives, as those of ISLES 2022', async () => {
    const root = tree('sub-1/ses-1/dwi/sub-1_ses-1_dwi.nii.gz', 'derivatives/sub-1/ses-1/sub-1_ses-1_msk.nii.gz');
    assert.deepEqual(await found('bids', root, ['dwi']), {
      'sub-1_ses-1': ['sub-1/ses-1/dwi/sub-1_ses-1_dwi.nii.gz', 'derivatives/sub-1/ses-1/sub-1_ses-1_msk.nii.gz'],
    });
  });

  it('may be regions of a label', async () => {
    const root = tree('sub-1/anat/sub-1_T1w.nii.gz', 'derivatives/manual/sub-1/anat/sub-1_label-lesion_roi.nii.gz');
    const [own] = await findCases('bids', root, { modalities: ['T1w'] });
    assert.ok(own?.label.endsWith('sub-1_label-lesion_roi.nii.gz'));
  });

  it('may lie beside the images, as those of ATLAS', async () => {
    const root = tree('sub-1/anat/sub-1_T1w.nii.gz', 'sub-1/anat/sub-1_label-L_desc-T1lesion_mask.nii.gz');
    const [own] = await findCases('bids', root, { modalities: ['T1w'] });
    assert.ok(own?.label.endsWith('sub-1_label-L_desc-T1lesion_mask.nii.gz'));
  });

  it('are taken from one place, so that no case gets a mask of something else', async () => {
    const root = tree(
      ...['1', '2'].map((one) => `sub-${one}/anat/sub-${one}_T1w.nii.gz`),
      ...['1', '2'].map((one) => `sub-${one}/anat/sub-${one}_desc-brain_mask.nii.gz`),
      'derivatives/manual/sub-1/anat/sub-1_mask.nii.gz',
    );
    await refusal('bids', root, ['T1w'], /one case is faulty/, /"sub-2": missing: derivatives\/\*\/sub-2/);
  });
});

describe('BraTS of 2023', () => {
  const id = 'BraTS-GLI-00001-000';

  it('has other names of images, which go by those of before, and scans of one participant', async () => {
    const later = id.replace(/000$/, '001');
    const names = [id, later].flatMap((own) =>
      ['t1n', 't1c', 't2w', 't2f', 'seg'].map((one) => `${own}/${own}-${one}.nii.gz`),
    );
    const root = tree(...names);
    assert.deepEqual((await found('brats', root, ['FLAIR', 'T1', 'T1ce', 'T2']))[id], [
      ...['t2f', 't1n', 't1c', 't2w', 'seg'].map((one) => `${id}/${id}-${one}.nii.gz`),
    ]);
    const cases = await findCases('brats', root, { modalities: ['T1'] });
    assert.deepEqual(
      cases.map(({ participant }) => participant),
      ['BraTS-GLI-00001', 'BraTS-GLI-00001'],
    );
  });

  it('is told what it lacks by its own names', async () => {
    await refusal('brats', tree(`${id}/${id}-seg.nii.gz`), ['T1ce'], /missing: .*BraTS-GLI-00001-000-t1c\.nii\.gz/);
  });
});
