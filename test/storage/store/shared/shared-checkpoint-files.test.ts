import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';

import { Superseded, type CheckpointFiles } from '../../../../storage/store/checkpoint-files.js';
import { checkpointsOf } from '../../../../storage/store/shared/checkpoints-of.js';
import { flipBit } from '../../../support/damage.js';
import { s3Program } from '../../../support/s3-server.js';
import { openSharedFolder, sharedMachines } from '../../../support/sweeps/shared-folders.js';
import { checkpointsOf as checkpointsIn, filesBelow } from '../../../support/sweeps/sweep-folders.js';

const program = await s3Program();
const skip = 'reason' in program ? program.reason : false;

/** As a training saves it, without its arrays. */
function checkpoint(epochs: number, stepsIntoEpoch = 0): Buffer {
  const state = JSON.stringify({ progress: { history: Array.from({ length: epochs }, () => ({})) }, stepsIntoEpoch });
  const header = Buffer.from(JSON.stringify({ __metadata__: { state } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const content = Buffer.concat([length, header]);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

describe('the checkpoints of a training on machines that share a store', { skip }, () => {
  const machines = sharedMachines(program, 'shared-checkpoints');
  const key = 'c'.repeat(64);
  const remarks: string[] = [];
  const machine = (name: string): CheckpointFiles => {
    const { folder } = machines.machine(name);
    return checkpointsOf(folder, key, (text) => remarks.push(text));
  };
  const { folderOf, files: store } = machines;
  const loaded = async (files: CheckpointFiles): Promise<Buffer> => Buffer.from((await files.load()) ?? []);

  beforeEach(() => {
    remarks.length = 0;
  });

  it('go with it to another machine', async () => {
    assert.equal(await machine('one').load(), undefined);
    const one = machine('one');
    await one.load();
    await one.save(checkpoint(3));
    await one.save(checkpoint(4));
    assert.ok(await machine('other').exist());
    assert.deepEqual(await loaded(machine('other')), checkpoint(4));
  });

  it('stop an attempt that was believed dead once another has begun elsewhere, and keep what that one saves', async () => {
    const [one, other] = [machine('one'), machine('other')];
    await one.load();
    await one.save(checkpoint(3));
    assert.deepEqual(await loaded(other), checkpoint(3));
    await assert.rejects(one.save(checkpoint(4)), Superseded);
    await other.save(checkpoint(3, 5));
    assert.deepEqual(await loaded(machine('third')), checkpoint(3, 5));
    assert.equal((await checkpointsIn(store())).length, 1, 'the earlier ones are gone');
  });

  it('are those that are furthest, here or in the store', async () => {
    const one = machine('one');
    await one.load();
    await one.save(checkpoint(3, 2));
    const other = machine('other');
    await other.load();
    await other.save(checkpoint(5, 1));
    // Here lies an earlier one.
    assert.deepEqual(await loaded(machine('one')), checkpoint(5, 1));
    // Here lies a later one, which the store has not got.
    for (const file of await checkpointsIn(store())) await rm(file);
    const again = machine('other');
    assert.deepEqual(await loaded(again), checkpoint(5, 1));
  });

  it('are those of the other place if one place has a damaged one, and none if both have', async () => {
    const one = machine('one');
    await one.load();
    await one.save(checkpoint(3));
    for (const file of await checkpointsIn(folderOf('one'))) await flipBit(file, 3);
    assert.deepEqual(await loaded(machine('one')), checkpoint(3));
    for (const file of await checkpointsIn(store())) await flipBit(file, 3);
    await assert.rejects(machine('one').load(), { code: 'CHECKPOINT_CORRUPT' });
    await assert.rejects(machine('other').load(), { code: 'CHECKPOINT_CORRUPT', message: /checkpoints\/c+\/ of s3:/ });
    const kept = join(folderOf('one'), 'quarantine', 'kept');
    await machine('one').putAside(kept);
    assert.equal((await checkpointsIn(store())).length, 0);
    assert.equal((await filesBelow(join(store(), 'quarantine'))).length, 1);
    assert.equal(await machine('one').load(), undefined);
  });

  it('are gone everywhere once the result is stored, and an attempt that wakes up then learns of it', async () => {
    const [one, other] = [machine('one'), machine('other')];
    await one.load();
    await one.save(checkpoint(3));
    await other.load();
    await other.remove();
    assert.deepEqual(await filesBelow(join(store(), 'checkpoints')), []);
    await assert.rejects(one.save(checkpoint(4)), Superseded);
    assert.deepEqual(await filesBelow(join(store(), 'checkpoints')), []);
  });

  it('stay here while the store refuses, and the training is told', async () => {
    const { folder } = openSharedFolder(folderOf('none'), 's3://volbias-none/x');
    const none = checkpointsOf(folder, key, (text) => remarks.push(text));
    await none.save(checkpoint(3));
    assert.match(remarks.join(), /has a checkpoint that is on this machine only: the store s3:\/\/volbias-none/);
    assert.equal((await checkpointsIn(folderOf('none'))).length, 1);
  });
});
