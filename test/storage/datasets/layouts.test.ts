import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findCases } from '../../../storage/datasets/layouts/index.js';
import { readParticipants } from '../../../storage/datasets/participants.js';
import { found, refusal, top, tree } from '../../support/data/data-set-trees.js';

describe('a folder of pictures', () => {
  it('pairs images and masks by name, whatever the extension, and skips the debris of archives', async () => {
    const root = tree(
      'images/b.JPG',
      'images/a.png',
      'masks/a.png',
      'masks/b.png',
      'images/._a.png',
      'images/.DS_Store',
      'masks/notes.txt',
      '__MACOSX/images/a.png',
    );
    assert.deepEqual(await found('folder2d', root, ['grey']), {
      a: ['images/a.png', 'masks/a.png'],
      b: ['images/b.JPG', 'masks/b.png'],
    });
  });

  it('lists every faulty case', async () => {
    const root = tree('images/a.png', 'images/a.jpg', 'masks/a.png', 'images/b.png', 'masks/c.png');
    await refusal(
      'folder2d',
      root,
      ['grey'],
      /3 cases are faulty/,
      /"a".*several/,
      /"b".*missing: masks\/b/,
      /"c".*missing: images\/c/,
    );
  });

  it('needs one modality, both folders and at least one case', async () => {
    await refusal('folder2d', tree('images/a.png', 'masks/a.png'), ['x', 'y'], /one modality/);
    await refusal('folder2d', tree('images/a.png'), ['x'], /no folder masks/);
    await refusal('folder2d', tree('images/x.txt', 'masks/x.txt'), ['x'], /no case found/);
    await refusal('folder2d', join(top, 'absent'), ['x'], /no such folder/);
  });

  it('keeps spaces, Unicode and HTML in case names, but refuses control characters', async () => {
    const root = tree('images/a <b>é 1.png', 'masks/a <b>é 1.png');
    assert.deepEqual(Object.keys(await found('folder2d', root, ['x'])), ['a <b>é 1']);
    await refusal('folder2d', tree('images/a\u0007.png', 'masks/a\u0007.png'), ['x'], /control character/);
  });
});

describe('the Decathlon layout', () => {
  const files = ['imagesTr/a.nii.gz', 'labelsTr/a.nii.gz', 'imagesTr/b.nii', 'labelsTr/b.nii'];
  const training = [
    { image: './imagesTr/b.nii', label: './labelsTr/b.nii' },
    { image: './imagesTr/a.nii.gz', label: './labelsTr/a.nii.gz' },
  ];

  it('reads 4-D images by the order of the modalities in dataset.json', async () => {
    const root = tree(...files, ['dataset.json', { modality: { '1': 'T2', '0': 'FLAIR' }, training }]);
    const [first] = await findCases('decathlon', root, { modalities: ['T2', 'FLAIR'] });
    assert.deepEqual(
      first?.images.map(({ modality, channel }) => [modality, channel]),
      [
        ['T2', 1],
        ['FLAIR', 0],
      ],
    );
  });

  it('reads 3-D images if there is one modality, sorted by id', async () => {
    const root = tree(...files, ['dataset.json', { modality: { '0': 'MRI' }, training }]);
    assert.deepEqual(await found('decathlon', root, ['MRI']), {
      a: ['imagesTr/a.nii.gz', 'labelsTr/a.nii.gz'],
      b: ['imagesTr/b.nii', 'labelsTr/b.nii'],
    });
  });

  it('takes the id from images of any 3-D format', async () => {
    const own = ['imagesTr/a.nrrd', 'labelsTr/a.mgz', 'imagesTr/b.c.mha', 'labelsTr/b.nii'];
    const listed = [own.slice(0, 2), own.slice(2)].map(([image, label]) => ({ image, label }));
    const root = tree(...own, ['dataset.json', { modality: { '0': 'MRI' }, training: listed }]);
    assert.deepEqual(Object.keys(await found('decathlon', root, ['MRI'])), ['a', 'b.c']);
  });

  it('refuses missing files, unknown modalities and unexpected JSON', async () => {
    const json = (extra: unknown) =>
      tree(...files, ['dataset.json', { modality: { '0': 'MRI' }, training: [...training, extra] }]);
    await refusal(
      'decathlon',
      json({ image: 'imagesTr/c.nii', label: 'labelsTr/c.nii' }),
      ['MRI'],
      /"c".*no such file/,
    );
    await refusal('decathlon', json({ image: '../../../etc/c.nii', label: 'labelsTr/a.nii.gz' }), ['MRI'], /"c"/);
    await refusal('decathlon', json(training[0]), ['MRI'], /"b": found twice/);
    await refusal('decathlon', json(training[0]), ['CT'], /does not name the modality CT; it has MRI/);
    await refusal('decathlon', tree(['dataset.json', { training: 3 }]), ['MRI'], /dataset\.json/);
    await refusal('decathlon', tree('dataset.json'), ['MRI'], /not JSON/);
  });

  it('takes a path that leaves the folder, with .. or as an absolute one', async () => {
    const training = ['../outside.nii', join(top, 'other.nii')].map((image) => ({ image, label: 'labelsTr/b.nii' }));
    const root = tree(...files, ['dataset.json', { modality: { '0': 'MRI' }, training }]);
    for (const name of ['outside.nii', 'other.nii']) writeFileSync(join(top, name), '');
    assert.deepEqual(await found('decathlon', root, ['MRI']), {
      other: ['../other.nii', 'labelsTr/b.nii'],
      outside: ['../outside.nii', 'labelsTr/b.nii'],
    });
  });
});

describe('the nnU-Net layout', () => {
  const files = ['a_b_0000', 'a_b_0001', 'c_0000', 'c_0001'].map((stem) => `imagesTr/${stem}.nii.gz`);
  const labels = ['labelsTr/a_b.nii.gz', 'labelsTr/c.nii.gz'];

  it('finds channels by their names in dataset.json', async () => {
    const root = tree(...files, ...labels, [
      'dataset.json',
      { channel_names: { 0: 'T1', 1: 'T2' }, file_ending: '.nii.gz' },
    ]);
    assert.deepEqual(await found('nnunet', root, ['T2']), {
      a_b: ['imagesTr/a_b_0001.nii.gz', 'labelsTr/a_b.nii.gz'],
      c: ['imagesTr/c_0001.nii.gz', 'labelsTr/c.nii.gz'],
    });
    await refusal('nnunet', root, ['CT'], /does not name the modality CT; it has T1, T2/);
  });

  it('reads a dataset.json with a byte order mark, which some editors write', async () => {
    const root = tree(...files, ...labels);
    writeFileSync(join(root, 'dataset.json'), '\uFEFF{ "channel_names": { "0": "T1", "1": "T2" } }');
    assert.deepEqual(Object.keys(await found('nnunet', root, ['T2'])), ['a_b', 'c']);
  });

  it('takes the modalities in their order without dataset.json', async () => {
    const { c } = await found('nnunet', tree(...files, ...labels), ['x', 'y']);
    assert.deepEqual(c, ['imagesTr/c_0000.nii.gz', 'imagesTr/c_0001.nii.gz', 'labelsTr/c.nii.gz']);
  });

  it('reads the endings that nnU-Net writes, and names one that is not read', async () => {
    for (const ending of ['.nrrd', '.mha', '.png', '.tif']) {
      const own = [`imagesTr/c_0000${ending}`, `labelsTr/c${ending}`];
      const decoy = ['imagesTr/d_0000.nii.gz', 'imagesTr/c_0000.json'];
      const description = ['dataset.json', { channel_names: { 0: 'x' }, file_ending: ending }] as const;
      assert.deepEqual(await found('nnunet', tree(...own, ...decoy, description), ['x']), { c: own });
      assert.deepEqual(await found('nnunet', tree(...own), ['x']), { c: own });
    }
    const gipl = tree('imagesTr/c_0000.gipl', 'labelsTr/c.gipl', ['dataset.json', { file_ending: '.gipl' }]);
    await refusal('nnunet', gipl, ['x'], /"\.gipl" \(file_ending\), which is not read; convert them/);
  });

  it('has a faulty case where an image and its mask have other endings, which must not vanish', async () => {
    const good = ['imagesTr/a_0000.nii.gz', 'labelsTr/a.nii.gz'];
    for (const ending of ['.NII.GZ', '.nii.bz2', '.mnc', '.mgz', '.dcm', '.hdr', '.jpg']) {
      const root = tree(
        ...good,
        `imagesTr/b_0000${ending}`,
        `labelsTr/b${ending}`,
        'imagesTr/a.json',
        'labelsTr/a.json',
      );
      const files = `imagesTr/b_0000${ending} and labelsTr/b${ending}`;
      await refusal('nnunet', root, ['x'], /one case is faulty/, new RegExp(`"b".*its files ${files} have endings`));
    }
    const rest = ['imagesTr/b_0000.mgz', 'imagesTr/a_0000.mgz', 'labelsTr/a.mgz'];
    assert.deepEqual(Object.keys(await found('nnunet', tree(...good, ...rest), ['x'])), ['a']);
  });

  it('lists missing channels and labels', async () => {
    const root = tree(...files.slice(0, 3), ...labels, 'imagesTr/d_0000.nii.gz');
    await refusal('nnunet', root, ['x', 'y'], /"c".*imagesTr\/c_0001/, /"d".*imagesTr\/d_0001.*labelsTr\/d/);
  });
});

describe('the manifest', () => {
  it('names a path with a null character, which no file has', async () => {
    const root = tree('a.nii', 'm.nii');
    writeFileSync(join(root, 'manifest.csv'), 'case,label,T1\na,m\0.nii,a.nii\n');
    await refusal('manifest', root, ['T1'], /"a": .*m\0\.nii: its path has a null character$/m);
  });
});

describe('the participants file', () => {
  let files = 0;
  function csv(text: string): string {
    const path = join(top, `participants-${files++}.csv`);
    writeFileSync(path, text);
    return path;
  }

  it('may have other columns, quotes, a byte order mark, either line ending and empty lines', async () => {
    const read = await readParticipants(csv('\uFEFFParticipant,note,case\r\np1,"a, ""b""",x\r\n\r\np2,,"y, z"'));
    assert.deepEqual(
      [...read],
      [
        ['x', 'p1'],
        ['y, z', 'p2'],
      ],
    );
    assert.deepEqual(
      [...(await readParticipants(csv('case,participant\na,1\nb,\n'.replace('b,', 'b,1'))))],
      [
        ['a', '1'],
        ['b', '1'],
      ],
    );
  });

  it('is refused with missing columns, a repeated case or an empty field', async () => {
    await assert.rejects(readParticipants(csv('id,participant\na,1\n')), /expected the columns case and participant/);
    await assert.rejects(readParticipants(csv('case,participant\na,1\na,2\n')), /row 3 repeats case a/);
    await assert.rejects(readParticipants(csv('case,participant\na,\n')), /row 2 has no case or no participant/);
    await assert.rejects(readParticipants(csv('')), /empty/);
    await assert.rejects(readParticipants(join(top, 'absent.csv')), { code: 'FILE_UNREADABLE' });
  });

  it('is refused at the row of a misplaced quotation mark', async () => {
    const refused = async (text: string, row: RegExp): Promise<void> => {
      await assert.rejects(readParticipants(csv(text)), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'DATA_SET_INVALID');
        assert.match(error.message, row);
        return true;
      });
    };
    await refused('case,participant\na,x"y\n', /participants-\d+\.csv: row 2 has a stray quote/);
    await refused('case,participant\r\n"a\r\nb",1\r\nc,"x"y\r\n', /row 3 has a stray quote/);
    await refused('case,participant\na,1\nb,"2\nc,3\n', /row 3 opens a quote that is never closed/);
  });

  it('may mix line endings and have too few or too many fields', async () => {
    const read = await readParticipants(csv('case,participant\r\n"a",1\nb,2,\rc,3'));
    assert.deepEqual(Object.fromEntries(read), { a: '1', b: '2', c: '3' });
    await assert.rejects(readParticipants(csv('case,participant\na,1\nb\n')), /row 3 has no case or no participant/);
  });

  it('is refused where a column or a cell could be meant that is not read', async () => {
    const twice = csv('case,participant,Participant\na,1,2\n');
    await assert.rejects(readParticipants(twice), /more than one column participant; keep one/);
    const comma = csv('case,participant\nDoe, John,P1\n');
    await assert.rejects(readParticipants(comma), /row 2 has 3 cells for 2 columns; a name with a comma needs quotes/);
  });
});
