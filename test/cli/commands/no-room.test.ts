import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { runCommandLine } from '../../support/command-line.js';
import { hippocampusFolder } from '../../support/paths.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const root = temporaryFolderOfFile('no-room');
const disk = join(root, 'disk');
mkdirSync(disk);
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'volbias', disk]).status === 0;
const skip = isMounted ? false : 'a small disk cannot be mounted here';
const image = join(hippocampusFolder, 'imagesTr', 'hippocampus_006.nii.gz');

describe('a verb that writes a file onto a full disk', { skip }, () => {
  before(async () => {
    // All but one page, so that files can be made.
    await writeFile(join(disk, 'filler'), Buffer.alloc(60 << 10));
  });
  after(async () => {
    spawnSync('umount', ['--lazy', disk]);
    await rm(root, { recursive: true, force: true });
  });

  for (const [verb, args, file] of [
    ['theory', ['theory', '--output', disk], 'figure-1.'],
    ['init', ['init', hippocampusFolder, '--output', join(disk, 'own.yaml')], 'own.yaml'],
    ['resample', ['resample', image, join(disk, 'half.nii.gz'), '--spacing', '1'], 'half.nii.gz'],
    ['config schema', ['config', 'schema', '--write', join(disk, 'any.yaml')], 'config.schema.json'],
  ] as const) {
    it(`names the file and the remedy, and leaves nothing behind: ${verb}`, async () => {
      const own = verb === 'init' ? join(disk, 'filler-of-init') : undefined;
      if (own !== undefined) await writeFile(own, Buffer.alloc(4 << 10));
      const { errors, code } = await runCommandLine([...args]);
      if (own !== undefined) await rm(own);
      assert.equal(code, 1);
      assert.ok(errors.startsWith(`volbias: ${join(disk, file)}`), errors);
      assert.match(errors, /: its disk is full; make room \(.*\), or write to another place( \(--output\))?\n$/);
      assert.deepEqual(readdirSync(disk), ['filler']);
    });
  }
});

it('a file beyond the limit on files is named with the remedy', async () => {
  const folder = join(root, 'limited');
  await mkdir(folder, { recursive: true });
  const copy = join(folder, 'in.nii.gz');
  await copyFile(image, copy);
  const main = new URL('../../../cli/main.js', import.meta.url).pathname;
  const command = 'ulimit -f 1; trap "" XFSZ; exec "$0" "$@"';
  const words = [process.execPath, main, 'resample', copy, join(folder, 'out.nii'), '--spacing', '0.5'];
  const { stderr } = spawnSync('bash', ['-c', command, ...words], { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  assert.match(
    stderr,
    /out\.nii: it would be larger than files may be; raise the limit \(ulimit -f\), or write to another place\n$/,
  );
});
