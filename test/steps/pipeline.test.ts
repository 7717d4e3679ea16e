import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { failureKinds } from '../../contracts/failures.js';
import { pipeline, stepNamed } from '../../steps/pipeline.js';
import { repositoryRoot } from '../support/paths.js';

describe('the pipeline', () => {
  it('lists every step once, after all those it needs', () => {
    assert.equal(new Set(pipeline.map(({ name }) => name)).size, pipeline.length);
    pipeline.forEach(({ name, needs }, index) => {
      const before = pipeline.slice(0, index).map((earlier) => earlier.name);
      for (const need of needs) assert.ok(before.includes(need), `${name} comes before ${need}`);
    });
  });

  it('gives every step a heartbeat timeout shorter than its time limit', () => {
    for (const { name, heartbeatSeconds, startToCloseHours, attempts } of pipeline) {
      assert.ok(heartbeatSeconds > 0 && heartbeatSeconds < startToCloseHours * 3600, name);
      assert.ok(attempts >= 1, name);
    }
  });

  it('reads the outside world only in the scan', () => {
    assert.deepEqual(
      pipeline.filter(({ always }) => always).map(({ name }) => name),
      ['scan'],
    );
  });

  it('tolerates gaps only in join and report', () => {
    assert.deepEqual(
      pipeline.filter(({ toleratesGaps }) => toleratesGaps).map(({ name }) => name),
      ['join', 'report'],
    );
  });

  it('finds a step by its name', () => {
    for (const step of pipeline) assert.equal(stepNamed(step.name), step);
    assert.throws(() => stepNamed('none'), /no step/);
  });

  it('is known without the libraries that decode pictures and compute, which verbs that only read would wait for', () => {
    const module = JSON.stringify(join(repositoryRoot, 'dist', 'steps', 'pipeline.js'));
    const loaded = (more: string): string =>
      execFileSync(process.execPath, [
        '--input-type=module',
        '--eval',
        `await import(${module}); ${more}; console.log(JSON.stringify(process.report.getReport().sharedObjects))`,
      ]).toString();
    assert.doesNotMatch(loaded(''), /sharp|vips|tensorflow/);
    assert.match(loaded("await import('sharp')"), /sharp/);
  });
});

describe('the kinds of failure', () => {
  it('are retried only if another attempt may succeed', () => {
    const retried = Object.entries(failureKinds).filter(([, { retryable }]) => retryable);
    assert.deepEqual(retried.map(([kind]) => kind).sort(), [
      'ChildFailed',
      'DiskFull',
      'Interrupted',
      'Killed',
      'OutOfMemory',
      'Stalled',
      'StoreUnreachable',
      'Unexpected',
    ]);
  });
});
