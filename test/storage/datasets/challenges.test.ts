import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCases } from '../../../storage/datasets/layouts/index.js';
import { found, refusal, tree } from '../../support/data/data-set-trees.js';

describe('the BRATS layouts', () => {
  const modalities = ['FLAIR', 'T1', 'T1ce', 'T2'];
  const filesOf = (folder: string, ending: string): string[] => {
    const id = folder.split('/').at(-1) ?? '';
    return ['flair', 't1', 't1ce', 't2', 'seg'].map((sequence) => `${folder}/${id}_${sequence}${ending}`);
  };

  it('2018: HGG and LGG, all three families of ids', async () => {
    const root = tree(
      ...filesOf('HGG/Brats18_CBICA_AAB_1', '.nii.gz'),
      ...filesOf('HGG/Brats18_TCIA01_203_1', '.nii'),
      ...filesOf('LGG/Brats18_2013_10_1', '.nii.gz'),
      '__MACOSX/HGG/._x',
      'HGG/.DS_Store',
      'survival_data.csv',
    );
    const cases = await found('brats', root, modalities);
    assert.deepEqual(Object.keys(cases), ['Brats18_2013_10_1', 'Brats18_CBICA_AAB_1', 'Brats18_TCIA01_203_1']);
    assert.deepEqual(cases['Brats18_TCIA01_203_1'], filesOf('HGG/Brats18_TCIA01_203_1', '.nii'));
  });

  it('2020: a flat folder, with the misnamed mask of case 355', async () => {
    const odd = filesOf('BraTS20_Training_355', '.nii.gz').slice(0, 4);
    const root = tree(
      ...filesOf('BraTS20_Training_001', '.nii.gz'),
      ...odd,
      'BraTS20_Training_355/W39_1998.09.19_Segm.nii',
      'name_mapping.csv',
    );
    const cases = await found('brats', root, ['T2', 'FLAIR']);
    assert.deepEqual(cases['BraTS20_Training_001'], [
      'BraTS20_Training_001/BraTS20_Training_001_t2.nii.gz',
      'BraTS20_Training_001/BraTS20_Training_001_flair.nii.gz',
      'BraTS20_Training_001/BraTS20_Training_001_seg.nii.gz',
    ]);
    assert.equal(cases['BraTS20_Training_355']?.at(-1), 'BraTS20_Training_355/W39_1998.09.19_Segm.nii');
  });

  it('names every missing file', async () => {
    const root = tree(...filesOf('HGG/A', '.nii.gz').slice(1), ...filesOf('LGG/B', '.nii.gz').slice(0, 3));
    await refusal('brats', root, modalities, /2 cases/, /"A".*A_flair/, /"B".*B_t2\.nii\.gz.*B_seg/);
    await refusal('brats', root, ['PET'], /no modality PET/);
  });
});

describe('the ISLES layouts', () => {
  const image = (folder: string, name: string, ending = '.nii'): string => `${folder}/${name}/${name}${ending}`;

  it('2017: VSD and SMIR names; the raw series is ignored', async () => {
    const root = tree(
      ...['MR_ADC.128020', 'MR_Tmax.128037', 'MR_4DPWI.127014', 'OT.128050'].map((name) =>
        image('training_1', `VSD.Brain.XX.O.${name}`),
      ),
      ...['MR_ADC.128021', 'MR_Tmax.128038'].map((name) => image('training_10', `SMIR.Brain.XX.O.${name}`, '.nii.gz')),
      image('training_10', 'VSD.Brain.XX.O.OT.128051'),
      'training_1/VSD.Brain.XX.O.MR_ADC.128020/._VSD.Brain.XX.O.MR_ADC.128020.nii',
      'training_1/VSD.Brain.XX.O.MR_ADC.128020/license.txt',
    );
    assert.deepEqual(await found('isles2017', root, ['Tmax', 'ADC']), {
      training_1: [
        image('training_1', 'VSD.Brain.XX.O.MR_Tmax.128037'),
        image('training_1', 'VSD.Brain.XX.O.MR_ADC.128020'),
        image('training_1', 'VSD.Brain.XX.O.OT.128050'),
      ],
      training_10: [
        image('training_10', 'SMIR.Brain.XX.O.MR_Tmax.128038', '.nii.gz'),
        image('training_10', 'SMIR.Brain.XX.O.MR_ADC.128021', '.nii.gz'),
        image('training_10', 'VSD.Brain.XX.O.OT.128051'),
      ],
    });
    await refusal('isles2017', root, ['rCBF'], /2 cases/, /"training_1".*MR_rCBF/);
  });

  it('2018: CT is not CT_CBF, and the maps of the earlier release begin with MR', async () => {
    const root = tree(
      ...['CT_CBF.345563', 'CT.345562', 'CT_4DPWI.345567', 'OT.345568'].map((name) =>
        image('TRAINING/case_1', `SMIR.Brain.XX.O.${name}`),
      ),
      ...['MR_CBF.345573', 'CT.345572', 'OT.345578'].map((name) => image('TRAINING/case_2', `SMIR.Brain.XX.O.${name}`)),
    );
    assert.deepEqual(await found('isles2018', root, ['CT', 'CBF']), {
      case_1: ['CT.345562', 'CT_CBF.345563', 'OT.345568'].map((name) =>
        image('TRAINING/case_1', `SMIR.Brain.XX.O.${name}`),
      ),
      case_2: ['CT.345572', 'MR_CBF.345573', 'OT.345578'].map((name) =>
        image('TRAINING/case_2', `SMIR.Brain.XX.O.${name}`),
      ),
    });
  });

  it('2018: a missing CT is not replaced by CT_CBF', async () => {
    const root = tree(...['CT_CBF.345563', 'OT.345568'].map((name) => image('case_1', `SMIR.Brain.XX.O.${name}`)));
    await refusal('isles2018', root, ['CT'], /"case_1": missing: case_1\/\*\.O\.CT\./);
  });

  it('2018: participants come from the CSV; without it, each case has a warning', async () => {
    const root = tree(
      ...[64, 65].flatMap((id) => ['CT.1', 'OT.2'].map((name) => image(`case_${id}`, `SMIR.Brain.XX.O.${name}`))),
    );
    const alone = await findCases('isles2018', root, { modalities: ['CT'] });
    assert.deepEqual(
      alone.map(({ participant }) => participant),
      ['case_64', 'case_65'],
    );
    assert.ok(alone.every(({ warning }) => warning?.includes('two slabs') === true));
    const participants = new Map([
      ['case_64', '37'],
      ['case_65', '37'],
    ]);
    const grouped = await findCases('isles2018', root, { modalities: ['CT'], participants });
    assert.deepEqual(
      grouped.map(({ participant, warning }) => [participant, warning]),
      [
        ['37', undefined],
        ['37', undefined],
      ],
    );
    participants.delete('case_65');
    await assert.rejects(
      findCases('isles2018', root, { modalities: ['CT'], participants }),
      /"case_65".*participants file/,
    );
  });

  it('two images of the same kind in a case are an error', async () => {
    const root = tree(...['CT.1', 'CT.2', 'OT.3'].map((name) => image('case_1', `SMIR.Brain.XX.O.${name}`)));
    await refusal('isles2018', root, ['CT'], /"case_1".*several images of CT/);
  });
});
