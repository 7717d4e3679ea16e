import assert from 'node:assert/strict';
import { realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';

import { findCases } from '../../../storage/datasets/layouts/index.js';
import { found, refusal, top, tree } from '../../support/data/data-set-trees.js';

describe('a CSV manifest', () => {
  const files = ['a/t1.nii.gz', 'a/t2.nii', 'a/mask.nii.gz', 'b/t1.nii.gz', 'b/t2.nii', 'b/mask.nii.gz'];
  const manifest = (...lines: readonly string[]): string => {
    const root = tree(...files);
    writeFileSync(join(root, 'manifest.csv'), `\uFEFF${lines.join('\r\n')}\r\n`);
    return root;
  };

  it('names the files of each case, in columns of any order, and optionally the participant', async () => {
    const root = manifest(
      'T2,case,label,T1,note,participant',
      'b/t2.nii,"second, really",b/mask.nii.gz,b/t1.nii.gz,x,P1',
      '',
      'a/t2.nii,first,a/mask.nii.gz,a/t1.nii.gz,,P1',
    );
    assert.deepEqual(await found('manifest', root, ['T1', 'T2']), {
      first: ['a/t1.nii.gz', 'a/t2.nii', 'a/mask.nii.gz'],
      'second, really': ['b/t1.nii.gz', 'b/t2.nii', 'b/mask.nii.gz'],
    });
    const cases = await findCases('manifest', root, { modalities: ['T1'] });
    assert.deepEqual(
      cases.map(({ participant }) => participant),
      ['P1', 'P1'],
    );
    const participants = new Map([
      ['first', 'X'],
      ['second, really', 'Y'],
    ]);
    const listed = await findCases('manifest', root, { modalities: ['T1'], participants });
    assert.deepEqual(
      listed.map(({ participant }) => participant),
      ['X', 'Y'],
    );
  });

  it('lists every faulty row: empty and missing files, repeated cases, paths out of the folder', async () => {
    const root = manifest(
      'case,label,T1',
      'a,,a/t1.nii.gz',
      'b,b/mask.nii.gz,b/absent.nii',
      'c,../absent.nii,b/t1.nii.gz',
      'd,a/mask.nii.gz,a/t1.nii.gz',
      'd,b/mask.nii.gz,b/t1.nii.gz',
      ',b/mask.nii.gz,b/t1.nii.gz',
    );
    writeFileSync(join(top, 'outside.nii'), '');
    await refusal(
      'manifest',
      root,
      ['T1'],
      /5 cases are faulty/,
      /"a": missing: column label of row 2/,
      /"b": .*absent\.nii: there is no such file/,
      /"c": .*absent\.nii: there is no such file/,
      /"d": found twice/,
      /"": its id is no usable name/,
    );
    await refusal('manifest', manifest('case,T1', 'a,b'), ['T1', 'T2'], /no column label, T2; it has case, T1/);
    await refusal('manifest', manifest('case,label,T1'), ['T1'], /no case found/);
  });

  it('has each column once, and no cells beyond them', async () => {
    const twice = manifest('case,label,T1,T1', 'a,a/mask.nii.gz,a/t1.nii.gz,b/t1.nii.gz');
    await refusal('manifest', twice, ['T1'], /more than one column T1; keep one of each name/);
    const longer = manifest('case,label,T1', 'a,a/mask.nii.gz,a/t1.nii.gz,b/t1.nii.gz,');
    await refusal('manifest', longer, ['T1'], /"a": row 2 of manifest\.csv has 5 cells for 3 columns/);
    const trailing = manifest('case,label,T1', 'a,a/mask.nii.gz,a/t1.nii.gz,,');
    assert.deepEqual(Object.keys(await found('manifest', trailing, ['T1'])), ['a']);
  });

  it('is UTF-8', async () => {
    const root = manifest('case,label,T1');
    for (const encoding of ['utf16le', 'latin1'] as const) {
      writeFileSync(
        join(root, 'manifest.csv'),
        Buffer.from('\uFEFFcase,label,T1\né,a/mask.nii.gz,a/t1.nii.gz\n', encoding),
      );
      await refusal('manifest', root, ['T1'], /manifest\.csv: it is not UTF-8; save it as "CSV UTF-8"/);
    }
    const unmarked = Buffer.from('case,label,T1\na,a/mask.nii.gz,a/t1.nii.gz\n', 'utf16le');
    for (const bytes of [unmarked, Buffer.from(unmarked).swap16()]) {
      writeFileSync(join(root, 'manifest.csv'), bytes);
      await refusal('manifest', root, ['T1'], /manifest\.csv: it is not UTF-8; save it as "CSV UTF-8"/);
    }
  });

  it('may name files anywhere, by links, absolute paths and ..', async () => {
    const elsewhere = tree('t1.nii', 'mask.nii');
    const up = `../${basename(elsewhere)}/mask.nii`;
    const root = manifest('case,label,T1', 'a,a/mask.nii.gz,link.nii', `b,${up},${join(elsewhere, 't1.nii')}`);
    symlinkSync(join(elsewhere, 't1.nii'), join(root, 'link.nii'));
    const cases = await findCases('manifest', root, { modalities: ['T1'] });
    const [image, label] = ['t1.nii', 'mask.nii'].map((name) => realpathSync(join(elsewhere, name)));
    assert.deepEqual(
      cases.map(({ id, outside }) => [id, outside]),
      [
        ['a', [image]],
        ['b', [image, label]],
      ],
    );
  });
});

describe('BIDS trees', () => {
  it('have subjects with or without sessions and masks below derivatives; sessions are cases, subjects participants', async () => {
    const root = tree(
      'dataset_description.json',
      'participants.tsv',
      'sub-01/anat/sub-01_T1w.nii.gz',
      'sub-01/anat/sub-01_T1w.json',
      'sub-01/anat/sub-01_FLAIR.nii.gz',
      'derivatives/lesions/sub-01/anat/sub-01_space-orig_label-lesion_mask.nii.gz',
      'sub-02/ses-a/anat/sub-02_ses-a_T1w.nii',
      'sub-02/ses-a/anat/sub-02_ses-a_FLAIR.nii',
      'derivatives/lesions/sub-02/ses-a/anat/sub-02_ses-a_dseg.nii.gz',
      'sub-02/ses-b/anat/sub-02_ses-b_T1w.nii',
      'sub-02/ses-b/anat/sub-02_ses-b_FLAIR.nii',
      'derivatives/lesions/sub-02/ses-b/anat/sub-02_ses-b_dseg.nii.gz',
      'sub-01/anat/._sub-01_T1w.nii.gz',
    );
    const cases = await findCases('bids', root, { modalities: ['FLAIR', 'T1w'] });
    assert.deepEqual(
      cases.map(({ id, participant }) => [id, participant]),
      [
        ['sub-01', 'sub-01'],
        ['sub-02_ses-a', 'sub-02'],
        ['sub-02_ses-b', 'sub-02'],
      ],
    );
    assert.deepEqual((await found('bids', root, ['FLAIR', 'T1w']))['sub-01'], [
      'sub-01/anat/sub-01_FLAIR.nii.gz',
      'sub-01/anat/sub-01_T1w.nii.gz',
      'derivatives/lesions/sub-01/anat/sub-01_space-orig_label-lesion_mask.nii.gz',
    ]);
  });

  it('are an error if several files match, unless entities in the modality’s name select one', async () => {
    const root = tree(
      'sub-01/anat/sub-01_acq-fast_T1w.nii.gz',
      'sub-01/anat/sub-01_acq-high_T1w.nii.gz',
      'derivatives/lesions/sub-01/anat/sub-01_mask.nii.gz',
      'sub-02/anat/sub-02_acq-high_T1w.nii.gz',
    );
    await refusal('bids', root, ['T1w'], /2 cases/, /"sub-01": several files/, /"sub-02": missing: derivatives/);
    const onRejected = (): undefined => undefined;
    const cases = await findCases('bids', root, { modalities: ['acq-high_T1w'], onRejected });
    assert.deepEqual(
      cases.map(({ images }) => images[0]?.path),
      [join(root, 'sub-01/anat/sub-01_acq-high_T1w.nii.gz')],
    );
  });
});

describe('the Tufts Dental Database', () => {
  const square = (left: number): number[][] => [
    [left, 2],
    [left + 4, 2],
    [left + 4, 6],
    [left, 6],
  ];
  const root = tree(
    'Radiographs/1.JPG',
    'Radiographs/2.JPG',
    'Segmentation/teeth_mask/1.jpg',
    'Segmentation/teeth_mask/2.jpg',
    [
      'Segmentation/teeth_polygon.json',
      [
        { 'External ID': '1.JPG', Label: { objects: [{ title: '17', polygons: [square(1), square(9)] }] } },
        { 'External ID': '2.jpg', Label: { objects: [{ title: '16', polygons: [square(1)] }] } },
      ],
    ],
  );

  it('takes all teeth as the structure from teeth_mask', async () => {
    assert.deepEqual(await found('tufts', root, ['grey']), {
      1: ['Radiographs/1.JPG', 'Segmentation/teeth_mask/1.jpg'],
      2: ['Radiographs/2.JPG', 'Segmentation/teeth_mask/2.jpg'],
    });
  });

  it('takes one tooth as the structure from its outlines; radiographs without it are not cases', async () => {
    const cases = await findCases('tufts', root, { modalities: ['grey'], labelTitle: '17' });
    assert.deepEqual(
      cases.map(({ id, label, labelOutlines }) => [id, label, labelOutlines?.length]),
      [['1', join(root, 'Segmentation', 'teeth_polygon.json'), 2]],
    );
    const wanted = { modalities: ['grey'], labelTitle: '32' };
    await assert.rejects(findCases('tufts', root, wanted), /no case found.*title "32"/);
  });

  it('refuses outlines in an unexpected form', async () => {
    const other = tree('Radiographs/1.JPG', ['Segmentation/teeth_polygon.json', [{ 'External ID': 3 }]]);
    const wanted = { modalities: ['grey'], labelTitle: '17' };
    await assert.rejects(
      findCases('tufts', other, wanted),
      /teeth_polygon\.json is missing or has an unexpected form: 0\./,
    );
  });
});

describe('case ids', () => {
  it('of 300 characters, with spaces, Unicode and HTML are kept; longer ones are refused', async () => {
    const long = 'é'.repeat(100) + 'x'.repeat(200);
    const root = tree('x.nii');
    const ids = [
      long,
      'a <img src="x" onerror="alert(1)">',
      ' a b ',
      '日本',
      '%2e%2e',
      `${long}y`,
      'a\u0000b',
      'a/../b',
      '..',
    ];
    const rows = ids.map((id) => `"${id.replaceAll('"', '""')}",x.nii,x.nii`);
    writeFileSync(join(root, 'manifest.csv'), ['case,label,T1', ...rows].join('\n'));
    const rejected: string[] = [];
    const cases = await findCases('manifest', root, {
      modalities: ['T1'],
      onRejected: ({ reason }) => rejected.push(reason),
    });
    assert.deepEqual(new Set(cases.map(({ id }) => id)), new Set([...ids.slice(0, 2), 'a b', ...ids.slice(3, 5)]));
    assert.deepEqual(rejected, [
      'its id is longer than 300 characters',
      'its id contains a control character',
      'its id contains a path separator',
      'its id is no usable name',
    ]);
  });
});
