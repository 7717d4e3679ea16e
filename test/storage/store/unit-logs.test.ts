import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, it } from 'node:test';

import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { beginUnitLog, curveNameOf, logsOfOtherUnits, unitLogs } from '../../../storage/store/unit-logs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const unit = { step: 'train', key: 'a'.repeat(64) };

describe('the logs of a unit', () => {
  it('are a file for each attempt, of which the last five are kept', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    assert.deepEqual(unitLogs(folder, unit), []);
    for (let attempt = 1; attempt <= 12; attempt++) {
      const log = beginUnitLog(folder, unit);
      assert.equal(log.attempt, attempt);
      log.write(`attempt ${attempt}\n`);
      log.close();
    }
    beginUnitLog(folder, { ...unit, step: 'evaluate' }).close();
    const kept = unitLogs(folder, unit);
    assert.deepEqual(
      kept.map(({ attempt }) => attempt),
      [8, 9, 10, 11, 12],
    );
    assert.equal(await readFile(kept[4]?.path ?? '', 'utf8'), 'attempt 12\n');
  });

  it('keep their end if they become too long, which says why a process died', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    const log = beginUnitLog(folder, unit);
    const million = 'x'.repeat(1 << 20);
    for (let count = 0; count < 5; count++) log.write(million);
    log.write('heap out of memory\n');
    log.close();
    const dropped = `what was here before, ${5 << 20} bytes, was dropped\n`;
    assert.equal(await readFile(log.path, 'utf8'), `${dropped}heap out of memory\n`);
  });

  it('are told from those of other units by their keys, whatever the attempt', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    const names = ['a', 'b'].flatMap((digit) =>
      [1, 2].map(() => {
        const log = beginUnitLog(folder, { step: 'train', key: digit.repeat(64) });
        log.close();
        return basename(log.path);
      }),
    );
    const others = logsOfOtherUnits([...names, 'worker.log'], new Set([unit.key]));
    assert.deepEqual(others, names.slice(2));
    const curves = ['a', 'b'].map((digit) => curveNameOf(digit.repeat(64)));
    assert.deepEqual(logsOfOtherUnits(curves, new Set([unit.key])), curves.slice(1));
  });
});
