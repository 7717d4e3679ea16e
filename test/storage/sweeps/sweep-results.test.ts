import assert from 'node:assert/strict';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import type { ArtifactRef } from '../../../contracts/artifacts.js';
import type { SweepResult } from '../../../contracts/sweep.js';
import { canonicalJson } from '../../../domain/plan/key.js';
import { exportReport } from '../../../storage/sweeps/report-copy.js';
import { readSweepResult, writeSweepResult } from '../../../storage/sweeps/sweep-results.js';
import { openTestStore, workOf, type TestStore } from '../../support/sweeps/test-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const id = 'tiny-0123456789';
const result: SweepResult = {
  ...{ outcome: 'complete', steps: [], failures: [], blocked: 0, held: 0, stopping: 0, repaired: [] },
  report: { step: 'report', key: 'a'.repeat(64), digest: 'b'.repeat(64) },
};

async function newStore(test: TestContext): Promise<TestStore & { readonly around: string }> {
  const around = await temporaryFolder(test);
  return { around, ...openTestStore(join(around, 'data')) };
}

describe('the result of a sweep', () => {
  it('is read as written', async (test) => {
    const { folder } = await newStore(test);
    assert.equal(await readSweepResult(folder, id), undefined);
    await writeSweepResult(folder, id, result);
    assert.deepEqual(await readSweepResult(folder, id), result);
    await writeSweepResult(folder, id, { ...result, report: null });
    assert.deepEqual(await readSweepResult(folder, id), { ...result, report: null });
  });

  it('is neither written nor read if its report is not a SHA-256', async (test) => {
    const { folder } = await newStore(test);
    const foreign = { ...result, report: { step: 'report', key: 'a'.repeat(64), digest: '../b' } };
    await assert.rejects(writeSweepResult(folder, id, foreign), { code: 'STORE_CORRUPT' });
    await writeSweepResult(folder, id, result);
    await writeFile(join(folder.sweeps, id, 'result.json'), JSON.stringify(foreign));
    await assert.rejects(readSweepResult(folder, id), {
      code: 'STORE_CORRUPT',
      message: /result\.json is damaged, .*report\.digest: expected a SHA-256.*run the sweep's config again/,
    });
  });
});

describe('the report of a sweep', () => {
  const files = { 'report.html': Buffer.from('page'), 'figures/a.svg': Buffer.from('<svg/>') };

  /** A report whose manifest somebody has made by hand. */
  async function foreignReport({ store }: TestStore, name: string): Promise<ArtifactRef> {
    const blob = await store.putBlob(Buffer.from('ssh-ed25519 …'));
    const { digest } = await store.putBlob(Buffer.from(canonicalJson({ files: { [name]: blob }, summary: {} })));
    return { step: 'report', key: 'a'.repeat(64), digest };
  }

  it('is copied to the folder of the sweep', async (test) => {
    const opened = await newStore(test);
    const target = await exportReport(opened, id, await opened.store.put(workOf('a'), { files, summary: {} }));
    assert.deepEqual((await readdir(target, { recursive: true })).sort(), ['figures', 'figures/a.svg', 'report.html']);
  });

  it('is copied without what a killed process has left there, and with what a user has put there', async (test) => {
    const opened = await newStore(test);
    const report = await opened.store.put(workOf('a'), { files, summary: {} });
    const target = await exportReport(opened, id, report);
    await writeFile(join(target, 'report.html.0123456789ab.tmp'), 'pa');
    await writeFile(join(target, 'figures', 'a.svg.0123456789ab.tmp'), '<sv');
    await writeFile(join(target, 'notes.tmp'), 'mine');
    await exportReport(opened, id, report);
    const there = (await readdir(target, { recursive: true })).sort();
    assert.deepEqual(there, ['figures', 'figures/a.svg', 'notes.tmp', 'report.html']);
  });

  it('is never written anywhere else, whatever a foreign data folder says', async (test) => {
    const opened = await newStore(test);
    const { around, folder, store } = opened;
    for (const name of ['../../../../authorized_keys', 'a/b', '/etc/passwd', '..', '.profile', '', 'a\nb']) {
      await assert.rejects(exportReport(opened, id, await foreignReport(opened, name)), {
        code: 'STORE_CORRUPT',
        message: /the manifest [0-9a-f]{64} is damaged/,
      });
    }
    assert.deepEqual(await readdir(around), ['data']);
    const report = await store.put(workOf('a'), { files, summary: {} });
    await assert.rejects(exportReport(opened, '../../elsewhere', report), { code: 'ARGUMENT_INVALID' });

    const victim = join(around, 'victim');
    await mkdir(victim);
    await mkdir(join(folder.sweeps, id), { recursive: true });
    await symlink(victim, join(folder.sweeps, id, 'report'));
    await assert.rejects(exportReport(opened, id, report), {
      code: 'STORE_CORRUPT',
      message: /report leads out of the sweep's folder/,
    });
    await rm(join(folder.sweeps, id, 'report'));
    await mkdir(join(folder.sweeps, id, 'report'));
    await symlink(victim, join(folder.sweeps, id, 'report', 'figures'));
    await assert.rejects(exportReport(opened, id, report), {
      code: 'STORE_CORRUPT',
      message: /figures leads out of the sweep's folder/,
    });
    assert.deepEqual(await readdir(victim), []);
  });
});
