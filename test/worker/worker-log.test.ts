import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DomainError } from '../../domain/domain-error.js';
import type { WorkerLogLevel } from '../../worker/watching/log-level.js';
import { engineLogger, unitLog, workerLog } from '../../worker/watching/worker-log.js';

const caseId = 'smith_1970-01-01';
const unit = {
  ...{ step: 'preprocess', unit: 'preprocess flat/shard-0', key: 'a'.repeat(64), attempt: 2 },
  dataSet: 'data-0123456789',
};
const error = new DomainError('IMAGE_VALUES_INVALID', `case "${caseId}": NaN`);

/** What a worker writes of a failure of its own and one of the engine, at a level. */
function linesAt(level: WorkerLogLevel): Record<string, unknown>[] {
  const lines: string[] = [];
  const log = workerLog(level, (line) => lines.push(line));
  unitLog(log).began(unit, 1.23456);
  unitLog(log).ended(unit, { result: 'failed', kind: 'DataInvalid', retried: false, error }, 2);
  unitLog(log).unrecorded(unit.unit, error);
  engineLogger(log).warn(`Activity failed\n${caseId}`, { error, activityType: 'preprocess', input: caseId });
  return lines.map((line) => {
    assert.ok(line.endsWith('}\n') && line.indexOf('\n') === line.length - 1, line);
    return JSON.parse(line) as Record<string, unknown>;
  });
}

describe('the log of a worker', () => {
  it('has a line of JSON for each event, and no words that may name a case', () => {
    const lines = linesAt('info');
    assert.deepEqual(
      lines.map(({ msg }) => msg),
      ['began', 'failed', 'a failure could not be recorded', 'Activity failed'],
    );
    assert.ok(!JSON.stringify(lines).includes('smith'));
    const { time, pid, ...failed } = lines[1] ?? {};
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.equal(pid, process.pid);
    assert.deepEqual(failed, {
      ...{ level: 40, msg: 'failed', unit: unit.unit, key: unit.key, attempt: 2, seconds: 2, dataSet: unit.dataSet },
      ...{ result: 'failed', kind: 'DataInvalid', retried: false, error: 'IMAGE_VALUES_INVALID' },
    });
    assert.equal(lines[0]?.queueSeconds, 1.235);
    assert.equal(lines[3]?.activityType, 'preprocess');
  });

  it('has the words at the level debug, whose lines say so', () => {
    const words = linesAt('debug').filter((line) => JSON.stringify(line).includes('smith'));
    assert.deepEqual(
      words.map(({ level }) => level),
      [20, 20, 20],
    );
  });

  it('leaves out what is below its level', () => {
    assert.deepEqual(
      linesAt('error').map(({ level }) => level),
      [50],
    );
  });
});
