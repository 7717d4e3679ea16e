import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import type { Lock } from '../../../domain/lock/lock.js';
import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('lock');
const { folder, lineage } = openTestStore(join(root, 'data'));

describe('a locked sweep', { skip, concurrency: 1 }, () => {
  const config = tinyConfig({ models: ['lr'], losses: ['ce', 'sd'] });
  let path: string;
  let lockDigest: string;

  const noticeOf = async (sweep: string): Promise<string> => {
    const page = await readFile(join(folder.sweeps, sweep, 'report', 'report.html'), 'utf8');
    return /<div class="\w+" id="lock">.*?<\/div>/s.exec(page)?.[0] ?? '';
  };

  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('is frozen with its data and folds before anything is trained, and the log says when', async () => {
    path = await writeConfig(root, config);
    const made = await runCommandLine(onFolder('lock', path, folder.root, '--json'));
    assertEnded(made, 0);
    const { file, digest, lock } = JSON.parse(made.output) as { file: string; digest: string; lock: Lock };
    lockDigest = digest;
    assert.equal(file, `${path}.lock.json`);
    const bytes = await readFile(file);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), digest);
    assert.deepEqual(JSON.parse(bytes.toString('utf8')), lock);
    assert.deepEqual(lock.splits.flat?.cases, [3, 3]);
    assert.deepEqual([lock.data.flat?.cases, lock.data.flat?.files], [6, 12]);
    const records = await lineage.read();
    assert.ok(records.every(({ kind, spec }) => kind !== 'artifact' || spec.step !== 'train'));
    const last = records.at(-1);
    assert.ok(last?.kind === 'action' && last.spec.action === 'lock' && last.spec.digest === digest);
    const again = await runCommandLine(onFolder('lock', path, folder.root));
    assertEnded(again, 2);
    assert.match(again.errors, /exists: a lock is not changed/);
  });

  it('takes the prepared data as they are, and its report states that nothing deviates', async () => {
    const run = await runCommandLine(onFolder('run', path, folder.root, '--json'));
    assertEnded(run, 0);
    assert.match(run.errors, new RegExp(`locked on .*: ${lockDigest}`));
    assert.doesNotMatch(run.errors, /before this lock|no record of this lock/);
    const { sweep, steps } = JSON.parse(run.output) as { sweep: string; steps: { step: string; cached: number }[] };
    const cached = new Map(steps.map(({ step, cached: own }) => [step, own]));
    assert.deepEqual(
      ['preprocess', 'statistics', 'split', 'train'].map((step) => cached.get(step)),
      [1, 1, 1, 0],
    );
    const notice = await noticeOf(sweep);
    assert.ok(notice.includes(lockDigest) && notice.includes('no deviations'), notice);
  });

  it('names what was changed since, and cannot be locked once there are results', async () => {
    const lockFile = `${path}.lock.json`;
    const changed = { ...config, statistics: { resamples: 600 }, seed: 2 };
    const other = join(root, 'changed.json');
    await writeFile(other, JSON.stringify(changed));
    const run = await runCommandLine(onFolder('run', other, folder.root, '--lock', lockFile, '--json'));
    assertEnded(run, 0);
    const notice = await noticeOf((JSON.parse(run.output) as { sweep: string }).sweep);
    assert.match(notice, /<code>tests\.resamples<\/code>: 500 → 600/);
    assert.match(notice, /<code>settings\.seed<\/code>: 1 → 2/);
    // Another seed draws other phantoms.
    assert.match(notice, /<code>data\.flat\.digest<\/code>/);
    for (const [file, words] of [
      [other, /too late to lock this sweep: .* has results of tiny-[0-9a-f]{10} and tiny-/],
      [await writeConfig(root, { ...config, name: 'renamed' }), /another sweep .* has done the work of train flat\/lr/],
    ] as const) {
      const late = await runCommandLine(onFolder('lock', file, folder.root));
      assertEnded(late, 2);
      assert.match(late.errors, words);
      assert.ok(!existsSync(`${file}.lock.json`));
    }
    // The log knows of trainings that the index has lost.
    await rm(folder.index, { recursive: true });
    const hidden = await runCommandLine(onFolder('lock', join(root, 'renamed.json'), folder.root));
    assertEnded(hidden, 2);
    assert.match(hidden.errors, /another sweep .* has done the work of train flat\/lr/);
    assertEnded(await runCommandLine(['verify', '--rebuild-index', '--data-dir', folder.root]), 0);
  });

  it('is refused for another sweep, and where it is damaged; beside a config of another name it is not used', async () => {
    const renamed = await writeConfig(root, { ...config, name: 'renamed' });
    const other = await runCommandLine(onFolder('run', renamed, folder.root, '--lock', `${path}.lock.json`));
    assertEnded(other, 2);
    assert.match(other.errors, /tiny\.json\.lock\.json is the lock of tiny, and the config's name is renamed/);
    await writeFile(`${renamed}.lock.json`, await readFile(`${path}.lock.json`));
    const plan = await runCommandLine(onFolder('plan', renamed, folder.root));
    assertEnded(plan, 0);
    assert.match(plan.errors, /the report will not be compared with it/);
    await writeFile(`${renamed}.lock.json`, '{"version":1}');
    const damaged = await runCommandLine(onFolder('plan', renamed, folder.root));
    assertEnded(damaged, 2);
    assert.match(damaged.errors, /renamed\.json\.lock\.json is not a lock that "volbias lock" has written: name/);
  });

  it('says which data sets are not there', async () => {
    const dataSet = { name: 'flat', kind: 'folder2d', modalities: ['grey'], preprocessing: { crop: [27, 27] } };
    const away = { ...dataSet, path: join(root, 'nowhere') };
    const absent = await writeConfig(root, { ...config, name: 'absent', dataSets: [away] });
    const made = await runCommandLine(onFolder('lock', absent, folder.root));
    assertEnded(made, 0);
    assert.match(made.output, /flat: its images are not there, so neither they nor their folds are locked/);
  });
});
