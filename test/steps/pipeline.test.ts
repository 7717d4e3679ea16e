import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { failureKinds } from '../../contracts/failures.js';
import { pipeline, stepNamed } from '../../steps/pipeline.js';

describe("the pipeline's table", () => {
  it('names every step once, after all that it needs', () => {
    assert.equal(new Set(pipeline.map(({ name }) => name)).size, pipeline.length);
    pipeline.forEach(({ name, needs }, index) => {
      const before = pipeline.slice(0, index).map((earlier) => earlier.name);
      for (const need of needs) assert.ok(before.includes(need), `${name} comes before ${need}`);
    });
  });

  it('lets no step be over before its death would be noticed', () => {
    for (const { name, heartbeatSeconds, startToCloseHours, attempts } of pipeline) {
      assert.ok(heartbeatSeconds > 0 && heartbeatSeconds < startToCloseHours * 3600, name);
      assert.ok(attempts >= 1, name);
    }
  });

  it('has nothing that looks at the outside world but the scan', () => {
    assert.deepEqual(
      pipeline.filter(({ always }) => always).map(({ name }) => name),
      ['scan'],
    );
  });

  it('marks gaps where rows are joined and in the report alone', () => {
    assert.deepEqual(
      pipeline.filter(({ toleratesGaps }) => toleratesGaps).map(({ name }) => name),
      ['join', 'report'],
    );
  });

  it('is found by name', () => {
    for (const step of pipeline) assert.equal(stepNamed(step.name), step);
    assert.throws(() => stepNamed('none'), /no step/);
  });
});

describe('the kinds of failure', () => {
  it('are tried again only where another attempt may end otherwise', () => {
    const retried = Object.entries(failureKinds).filter(([, { retryable }]) => retryable);
    assert.deepEqual(retried.map(([kind]) => kind).sort(), ['ChildFailed', 'Interrupted', 'Unexpected']);
  });
});
