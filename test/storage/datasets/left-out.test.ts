import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { excludeHint, faulty } from '../../../storage/datasets/case-collection.js';
import type { RejectedCase } from '../../../storage/datasets/case-files.js';
import { findCases } from '../../../storage/datasets/layouts/index.js';
import { refusal, tree } from '../../support/data/data-set-trees.js';

describe('what is advised about faulty cases', () => {
  const root = tree('images/a.png', 'images/b.png', 'masks/a.png', 'masks/b.png');
  const advice = (rejected: readonly RejectedCase[]): string[] =>
    faulty(root, rejected)
      .message.split('\n')
      .filter((line) => !/^( {2}|data set )/.test(line));

  it('is to complete the participants file where only that lacks them', async () => {
    const rejected: RejectedCase[] = [];
    const participants = new Map([['a', 'P1']]);
    await findCases('folder2d', root, { modalities: ['x'], participants, onRejected: (one) => rejected.push(one) });
    assert.deepEqual(advice(rejected), ['Complete the participants file: it needs a row for each case']);
  });

  it('is to keep one of those found twice, and to leave out what has other faults', () => {
    const twice = { id: 'a', reason: 'found twice: m/a.nii and m/b.nii' };
    assert.deepEqual(advice([twice]), ['Keep one row, or one pair of files, of each case that is found twice']);
    assert.deepEqual(advice([twice, { id: 'b', reason: 'missing: masks/b.png' }]), [
      'Keep one row, or one pair of files, of each case that is found twice',
      excludeHint,
    ]);
  });
});

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
      cases.map(({ id, dataSetWarning }) => [id, dataSetWarning]),
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

  it('are files of BRATS of which either could be meant, and cases beside HGG/', async () => {
    const of = (id: string): string[] => [`${id}_flair.nii.gz`, `${id}_seg.nii.gz`].map((name) => `HGG/${id}/${name}`);
    const twice = tree(...of('a'), 'HGG/a/a_flair.nii', ...of('b'), 'HGG/b/b_SEG.nii.gz', ...of('c'), 'HGG/c/c_t1.nii');
    await refusal(
      'brats',
      twice,
      ['FLAIR'],
      /2 cases/,
      /"a": several files could be meant: a_flair\.nii, a_flair\.nii\.gz/,
      /"b": several files could be meant: b_SEG\.nii\.gz, b_seg\.nii\.gz/,
    );
    const beside = tree(
      ...of('a'),
      'LGG/b/b_flair.nii',
      'LGG/b/b_seg.nii',
      'c/c_flair.nii',
      'c/c_seg.nii',
      'names.csv',
    );
    const cases = await findCases('brats', beside, { modalities: ['FLAIR'] });
    const warning =
      'not read: c; expected folders CASE/ with CASE_seg.nii.gz, below HGG/ and LGG/ or directly below the root';
    assert.deepEqual(
      cases.map((own) => [own.id, own.dataSetWarning]),
      [
        ['a', warning],
        ['b', warning],
      ],
    );
  });

  it('are radiographs of which either could be meant, and pictures without their counterpart', async () => {
    const masks = 'Segmentation/teeth_mask';
    const twice = tree('Radiographs/1.JPG', 'Radiographs/1.png', `${masks}/1.jpg`);
    await refusal('tufts', twice, ['x'], /"1": several pictures have its name: 1\.JPG, 1\.png/);
    const root = tree('Radiographs/1.JPG', 'Radiographs/2.tif', `${masks}/1.jpg`, `${masks}/9.jpg`);
    const cases = await findCases('tufts', root, { modalities: ['x'] });
    assert.deepEqual(
      cases.map(({ id, dataSetWarning }) => [id, dataSetWarning]),
      [['1', `not read: Radiographs/2.tif, ${masks}/9.jpg; expected Radiographs/*.JPG`]],
    );
  });

  it('is a number of training cases in dataset.json that is not that of its list', async () => {
    const files = ['a.nii', 'b.nii'].map((name) => ({ image: name, label: `mask-${name}` }));
    const description = { modality: { 0: 'MRI' }, training: files, numTraining: 3 };
    const root = tree('a.nii', 'b.nii', 'mask-a.nii', 'mask-b.nii', ['dataset.json', description]);
    const [first] = await findCases('decathlon', root, { modalities: ['MRI'] });
    assert.equal(first?.warning, 'dataset.json declares 3 training cases, but lists 2');
  });

  it('are folders in those of nnU-Net, and images in other formats', async () => {
    const expected = 'imagesTr/CASE_0000.nii.gz and labelsTr/CASE.nii.gz';
    const others = ['imagesTr/d_0000.jpg', 'labelsTr/a.dcm', 'imagesTr/notes.txt'];
    const inFolders = ['imagesTr/c/c_0000.nii.gz', 'labelsTr/c/c.nii.gz', 'labelsTr/old/a.nii.gz'];
    const some = tree('imagesTr/a_0000.nii.gz', 'imagesTr/a_0001.nii.gz', 'labelsTr/a.nii.gz', ...inFolders, ...others);
    const cases = await findCases('nnunet', some, { modalities: ['x', 'y'] });
    assert.deepEqual(
      cases.map(({ id, dataSetWarning }) => [id, dataSetWarning]),
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
