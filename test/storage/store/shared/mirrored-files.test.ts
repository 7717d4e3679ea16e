import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';

import { engineKeys, expectSharedKey } from '../../../../storage/engine/engine-key.js';
import { forgetFailure, recordedFailures, recordFailure } from '../../../../storage/sweeps/failure-records.js';
import { listSweeps, readSweepRecord } from '../../../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../../../storage/sweeps/sweep-results.js';
import { readSweepContent } from '../../../../storage/sweeps/sweep-content.js';
import { s3Program } from '../../../support/s3-server.js';
import { sharedMachines, type SharedFolder } from '../../../support/sweeps/shared-folders.js';
import { storeSweep } from '../../../support/sweeps/stored-sweep.js';

const program = await s3Program();
const skip = 'reason' in program ? program.reason : false;

describe('what machines that share a store know of sweeps', { skip }, () => {
  let one: SharedFolder;
  let other: SharedFolder;
  const { machine } = sharedMachines(program, 'mirrored');

  beforeEach(() => {
    one = machine('one');
    other = machine('other');
  });

  it('is the same on each: their records, their content and their last results', async () => {
    assert.deepEqual(await listSweeps(other.folder), []);
    const { id, refs } = await storeSweep(one);
    assert.deepEqual(await listSweeps(other.folder), [id]);
    const record = await readSweepRecord(other.folder, id);
    assert.equal((await readSweepContent(other.store, record.specification)).config.name, 'tiny');
    const result = await readSweepResult(other.folder, id);
    assert.deepEqual(result?.report, refs.get('report'));
    await assert.rejects(readSweepRecord(other.folder, '../../etc'), { code: 'ARGUMENT_INVALID' });
  });

  it('goes on from this folder alone where there is no store any more', async () => {
    const { id } = await storeSweep(one);
    await readSweepRecord(other.folder, id);
    const alone = { ...other.folder, shared: undefined };
    assert.equal((await readSweepRecord(alone, id)).id, id);
    assert.equal(await readSweepResult(alone, id), undefined);
  });

  it('counts failures of a unit across machines, and forgets them on all', async () => {
    const { id: sweepId } = await storeSweep(one);
    const failed = { sweepId, unit: 'train flat/lr/ce/fold-1', runId: 'r', kind: 'Diverged', message: 'no' };
    assert.equal(await recordFailure(one.folder, failed), 1);
    assert.equal(await recordFailure(other.folder, failed), 2);
    assert.equal(await recordFailure(one.folder, failed), 3);
    assert.deepEqual([...(await recordedFailures(machine('late').folder, sweepId))], [[failed.unit, 'Diverged']]);
    await forgetFailure(other.folder, sweepId, failed.unit);
    assert.equal((await recordedFailures(one.folder, sweepId)).size, 0);
    assert.equal(await recordFailure(one.folder, failed), 1);
  });

  it('takes no object of another name into a folder', async () => {
    const { id } = await storeSweep(one);
    await one.remote.put(`failures/${id}/engine-key`, Buffer.from('x'));
    await one.remote.put('sweeps/UPPER/sweep.json', Buffer.from('{}'));
    assert.equal((await recordedFailures(other.folder, id)).size, 0);
    await assert.rejects(stat(join(other.folder.failures, id, 'engine-key')), { code: 'ENOENT' });
    assert.deepEqual(await listSweeps(other.folder), [id]);
  });

  it('includes which key they seal with, but not the key', async () => {
    await expectSharedKey(one.folder, {});
    const [own] = await engineKeys(one.folder, {});
    const key = Buffer.from(own).toString('hex');
    const stored = Buffer.from((await one.remote.get('engine-key.sha256'))?.bytes ?? []).toString('utf8');
    assert.match(stored, /^[0-9a-f]{64}\n$/);
    assert.notEqual(stored.trim(), key);

    const missing = { code: 'CONFIG_INVALID', message: /engine-key is missing: .* copy the file engine-key/ };
    await assert.rejects(expectSharedKey(other.folder, {}), missing);
    await assert.rejects(stat(other.folder.engineKey), { code: 'ENOENT' }, 'none was made');
    await expectSharedKey(other.folder, { VOLBIAS_ENGINE_KEY: key });
    assert.deepEqual(await engineKeys(other.folder, { VOLBIAS_ENGINE_KEY: `${key}\n` }), [Buffer.from(own)]);
    await writeFile(other.folder.engineKey, `${'0'.repeat(64)}\n`);
    await assert.rejects(expectSharedKey(other.folder, {}), { code: 'CONFIG_INVALID', message: /is not the key/ });
    await assert.rejects(engineKeys(other.folder, { VOLBIAS_ENGINE_KEY: 'x' }), { code: 'ARGUMENT_INVALID' });
    // A folder that shares no store has a key of its own.
    await expectSharedKey({ ...other.folder, shared: undefined }, {});
  });
});
