import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { after, afterEach, beforeEach, describe, it } from 'node:test';

import { MemoryPeaks } from '../../storage/machine/memory-peaks.js';
import { dataFolderAt } from '../../storage/store/data-folder.js';
import { MemoryAdmission, type Stay } from '../../worker/slots/memory-admission.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';

const GiB = 2 ** 30;
const [small, large] = ['a'.repeat(64), 'b'.repeat(64)];
const root = temporaryFolderOfFile('memory-admission');

describe('the admission of trainings to memory', () => {
  let memory: { free: number; total: number };
  let peaks: MemoryPeaks;

  beforeEach(async () => {
    memory = { free: 10 * GiB, total: 16 * GiB };
    peaks = await MemoryPeaks.read(dataFolderAt(root));
  });
  afterEach(async () => {
    await peaks.written();
    await rm(root, { recursive: true, force: true });
  });

  const newAdmission = (budget?: number): MemoryAdmission =>
    new MemoryAdmission({ memory: () => memory, peaks, budget });

  /** Asks for admission; `reasons` are those for which it has waited. */
  function ask(
    admission: MemoryAdmission,
    shape: string,
    signal = new AbortController().signal,
  ): { reasons: string[]; stay: Promise<Stay> } {
    const reasons: string[] = [];
    return { reasons, stay: admission.enter(shape, signal, (reason) => reasons.push(reason)) };
  }

  it('lets the first of an unknown shape begin, and the next after its first epoch', async () => {
    const admission = newAdmission();
    const first = await ask(admission, small).stay;
    const second = ask(admission, small);
    assert.deepEqual(second.reasons, ['for the first epoch of another training']);
    assert.ok(admission.isCrowded());
    first.uses(GiB, 2 * GiB);
    first.isMeasured();
    await second.stay;
    assert.ok(!admission.isCrowded());
    assert.equal(peaks.of(small), 2 * GiB);
  });

  it('counts what those that run will still take, and goes on when one has ended', async () => {
    peaks.note(small, 4 * GiB);
    const admission = newAdmission();
    const [first, second] = [await ask(admission, small).stay, await ask(admission, small).stay];
    // 10 GiB are free, of which the two will take 8.
    const third = ask(admission, small);
    assert.deepEqual(third.reasons, ['for 4.0 GiB of memory: 2.0 GiB are free']);
    // What they have taken is no longer free.
    memory.free = 2 * GiB;
    for (const stay of [first, second]) stay.uses(4 * GiB, 4 * GiB);
    memory.free = 6 * GiB;
    first.leave();
    await third.stay;
  });

  it('counts an unknown shape as the largest known one', async () => {
    peaks.note(large, 7 * GiB);
    const admission = newAdmission();
    const first = await ask(admission, small).stay;
    const second = ask(admission, small);
    assert.deepEqual(second.reasons, ['for 7.0 GiB of memory: 3.0 GiB are free']);
    first.uses(GiB, GiB);
    first.isMeasured();
    // Known by now: the second needs no more than the first.
    await second.stay;
  });

  it('keeps all together within a budget', async () => {
    peaks.note(small, 2 * GiB);
    const admission = newAdmission(5 * GiB);
    const first = await ask(admission, small).stay;
    await ask(admission, small).stay;
    const third = ask(admission, small);
    assert.deepEqual(third.reasons, ['for 2.0 GiB of memory: 1.0 GiB are free']);
    first.leave();
    await third.stay;
  });

  it('refuses what can never have enough, with both numbers', async () => {
    peaks.note(large, 20 * GiB);
    const needs = (here: string): { code: string; message: string } => ({
      code: 'OUT_OF_MEMORY',
      message: `it needs 20.0 GiB of memory; ${here}`,
    });
    await assert.rejects(ask(newAdmission(), large).stay, needs('this machine has 16.0 GiB'));
    await assert.rejects(ask(newAdmission(3 * GiB), large).stay, needs('its worker may use 3.0 GiB'));
  });

  it('lets a shape that ran out beside others run alone, and alone only where there is more', async () => {
    const admission = newAdmission();
    peaks.note(small, GiB);
    const [victim, neighbour] = [await ask(admission, small).stay, await ask(admission, small).stay];
    victim.ranOut();
    victim.leave();
    const again = ask(admission, small);
    assert.deepEqual(again.reasons, ['for the end of another training, since there was too little memory for two']);
    neighbour.leave();
    const alone = await again.stay;
    assert.deepEqual(ask(admission, large).reasons.length, 1);
    alone.uses(12 * GiB, 14 * GiB);
    alone.ranOut();
    alone.leave();
    await assert.rejects(ask(newAdmission(), small).stay, {
      message: /needs 17\.5 GiB of memory; this machine has 16\.0/,
    });
  });

  it('stops waiting when it is told to', async () => {
    const admission = newAdmission();
    await ask(admission, small).stay;
    const waiting = new AbortController();
    const second = ask(admission, small, waiting.signal);
    const reason = new Error('interrupted');
    waiting.abort(reason);
    await assert.rejects(second.stay, reason);
    assert.ok(!admission.isCrowded());
  });
});

describe('the memory that trainings have used', () => {
  after(() => rm(root, { recursive: true, force: true }));

  it('is remembered by the next worker; a damaged record is measured again', async () => {
    const folder = dataFolderAt(root);
    const peaks = await MemoryPeaks.read(folder);
    peaks.note(small, GiB);
    peaks.note(small, 2 * GiB);
    peaks.note(small, GiB);
    peaks.note(large, 3 * GiB);
    await peaks.written();
    const next = await MemoryPeaks.read(folder);
    assert.deepEqual([next.of(small), next.of(large), next.largest()], [2 * GiB, 3 * GiB, 3 * GiB]);

    for (const text of ['{"a', `{"${small}": -1}`, '[]']) {
      await writeFile(folder.memoryPeaks, text);
      assert.equal((await MemoryPeaks.read(folder)).largest(), undefined);
    }
  });
});
