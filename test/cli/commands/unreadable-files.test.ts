import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';

import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { repositoryRoot } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('files that may not be read are told by init and validate, each with its case, and left out where the config says so', async (test) => {
  const folder = await temporaryFolder(test);
  const root = join(folder, 'scans');
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  await writeMaskedCases(root, Object.fromEntries(ids.map((id, index) => [id, { 1: 20 + index }])));
  const [image, mask] = [join(root, 'imagesTr', 'c_0000.nii'), join(root, 'labelsTr', 'f.nii')];
  for (const path of [image, mask]) await chmod(path, 0);
  await chmod(folder, 0o777);
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const main = join(repositoryRoot, 'dist', 'cli', 'main.js');
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [main, ...args], {
      ...nobody,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      encoding: 'utf8',
    });

  const init = run('init', 'scans');
  assert.equal(init.status, 0, init.stderr);
  assert.match(init.stderr, /^c cannot be used: .*c_0000\.nii: permission denied/m);
  assert.match(init.stderr, /^f cannot be used: .*f\.nii: permission denied/m);
  assert.match(init.stdout, /^6 cases of 6 participants/m);
  assert.match(await readFile(join(folder, 'scans.yaml'), 'utf8'), /onInvalidCase: exclude # 2 cases cannot be used/);

  const validate = run('validate', 'scans.yaml');
  for (const id of ['c', 'f'])
    assert.match(validate.stdout, new RegExp(`│ error +│ scans +│ ${id} +│ .*permission denied`));
  assert.match(validate.stdout, /^2 errors and /m);

  const plan = run('plan', 'scans.yaml');
  assert.equal(plan.status, 0, plan.stderr);
  assert.match(plan.stdout, /^scans: case "c" is excluded: imagesTr\/c_0000\.nii: permission denied/m);
  assert.match(plan.stdout, /^scans: case "f" is excluded: labelsTr\/f\.nii: permission denied/m);
});
