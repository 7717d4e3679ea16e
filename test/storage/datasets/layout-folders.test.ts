import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { findCases } from '../../../storage/datasets/layouts/index.js';
import { found, refusal, tree } from '../../support/data/data-set-trees.js';

describe('a folder of pictures', () => {
  it('follows links, and tells those out of the data folder apart', async () => {
    const outside = tree('elsewhere.png');
    const root = tree('images/a.png', 'masks/b.png', 'images/c.png', 'masks/c.png');
    symlinkSync(join(outside, 'elsewhere.png'), join(root, 'masks/a.png'));
    symlinkSync('c.png', join(root, 'images/b.png'));
    const cases = await findCases('folder2d', root, { modalities: ['x'] });
    assert.deepEqual(
      cases.map(({ id, outside: files }) => [id, files]),
      [
        ['a', [realpathSync(join(outside, 'elsewhere.png'))]],
        ['b', undefined],
        ['c', undefined],
      ],
    );
  });

  it('refuses links in a circle, to nothing, to a pipe and to a device, each with its path', async () => {
    const root = tree(...['a', 'b', 'c', 'd'].map((id) => `images/${id}.png`), 'masks/e.png');
    const pipe = join(tree(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const [name, target] of [
      ['a', 'a.png'],
      ['b', 'absent.png'],
      ['c', pipe],
      ['d', '/dev/null'],
    ] as const) {
      symlinkSync(target, join(root, `masks/${name}.png`));
    }
    await refusal(
      'folder2d',
      root,
      ['x'],
      /"a": .*masks\/a\.png: its symbolic links go round in a circle/,
      /"b": .*masks\/b\.png: there is no such file/,
      /"c": .*masks\/c\.png: it is a device or a pipe, not a file/,
      /"d": .*masks\/d\.png: it is a device or a pipe, not a file/,
    );
    const circle = tree('images/a.png');
    symlinkSync('masks', join(circle, 'masks'));
    await refusal('folder2d', circle, ['x'], /masks: its symbolic links go round in a circle/);
  });

  it('may have folders of other usual names, or of any name that the config gives', async () => {
    assert.deepEqual(await found('folder2d', tree('image/a.png', 'labels/a.png'), ['x']), {
      a: ['image/a.png', 'labels/a.png'],
    });
    assert.deepEqual(await found('folder2d', tree('images/a.png', 'masks/a.png', 'labels/b.png'), ['x']), {
      a: ['images/a.png', 'masks/a.png'],
    });
    const several = tree('images/a.png', 'mask/a.png', 'label/a.png');
    await refusal(
      'folder2d',
      several,
      ['x'],
      /it has the folders mask\/, label\/; name the folder with masks in the config/,
    );
    const share = tree('a.png');
    const cases = await findCases('folder2d', several, {
      modalities: ['x'],
      folders: { images: share, masks: 'label' },
    });
    assert.deepEqual(
      cases.map(({ images, label, outside }) => [images[0]?.path, label, outside]),
      [[join(share, 'a.png'), join(several, 'label/a.png'), [realpathSync(join(share, 'a.png'))]]],
    );
    await assert.rejects(findCases('folder2d', several, { modalities: ['x'], folders: { masks: 'none' } }), {
      message: /it has no folder none\//,
    });
  });
});

describe('the nnU-Net layout', () => {
  it('may have folders of other usual names', async () => {
    const root = tree('images/a_0000.nii.gz', 'labels/a.nii.gz');
    assert.deepEqual(await found('nnunet', root, ['T1']), { a: ['images/a_0000.nii.gz', 'labels/a.nii.gz'] });
    await refusal(
      'nnunet',
      tree('images/a_0000.nii.gz'),
      ['T1'],
      /it has no folder labelsTr\/, labels\/, label\/, masks\/, /,
    );
  });
});
