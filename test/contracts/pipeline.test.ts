import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { failureKinds } from '../../contracts/failures.js';
import { declarationOf, pipeline, stepNames } from '../../contracts/pipeline.js';

describe("the pipeline's table", () => {
  it('names every step once, after all that it needs', () => {
    assert.deepEqual(
      pipeline.map(({ name }) => name),
      [...stepNames],
    );
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

  it('marks gaps in the aggregate and the report alone', () => {
    assert.deepEqual(
      pipeline.filter(({ toleratesGaps }) => toleratesGaps).map(({ name }) => name),
      ['aggregate', 'report'],
    );
  });

  it('is found by name', () => {
    for (const name of stepNames) assert.equal(declarationOf(name).name, name);
  });
});

describe('the kinds of failure', () => {
  it('are tried again only where another attempt may end otherwise', () => {
    const retried = Object.entries(failureKinds).filter(([, { retryable }]) => retryable);
    assert.deepEqual(retried.map(([kind]) => kind).sort(), ['ChildFailed', 'Interrupted', 'Unexpected']);
  });
});
