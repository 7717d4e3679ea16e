import assert from 'node:assert/strict';
import { it, mock } from 'node:test';

import { watchForStall } from '../../worker/stall-watch.js';

/** A watch under a clock that the test moves on. */
function watched(mostSeconds: number): {
  pass: (seconds: number) => void;
  alive: (isStep?: boolean) => void;
  end: () => void;
  stalls: number[];
} {
  mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  mock.method(performance, 'now', () => now);
  const stalls: number[] = [];
  const { alive, end } = watchForStall(mostSeconds, (seconds) => stalls.push(seconds));
  const pass = (seconds: number): void => {
    for (let i = 0; i < seconds; i++) {
      now += 1000;
      mock.timers.tick(1000);
    }
  };
  return {
    pass,
    alive: (isStep = true) => {
      alive(isStep);
    },
    end,
    stalls,
  };
}

it('a job stalls by its own pace once that is known, and by its limit until then', (test) => {
  test.after(() => {
    mock.reset();
  });
  const quick = watched(300);
  quick.pass(200); // loads TensorFlow and the cases
  for (let i = 0; i < 30; i++) {
    quick.pass(1);
    quick.alive();
  }
  quick.pass(61);
  assert.deepEqual(quick.stalls, []);
  quick.pass(1);
  assert.deepEqual(quick.stalls, [62], 'after a minute, and two seconds in which signs of life may still arrive');
  mock.reset();

  const slow = watched(300);
  for (let i = 0; i < 30; i++) {
    slow.pass(10);
    slow.alive();
  }
  slow.pass(201);
  assert.deepEqual(slow.stalls, []);
  slow.pass(1);
  assert.deepEqual(slow.stalls, [202], 'after twenty times its longest pause');
  mock.reset();

  const unknown = watched(300);
  unknown.alive();
  unknown.pass(301);
  assert.deepEqual(unknown.stalls, []);
  unknown.pass(1);
  assert.deepEqual(unknown.stalls, [302], 'after its limit');
});

it('a job that does not train has its limit: the next case may be the largest', (test) => {
  test.after(() => {
    mock.reset();
  });
  const job = watched(300);
  for (let i = 0; i < 30; i++) {
    job.pass(1);
    job.alive(false);
  }
  job.pass(301);
  assert.deepEqual(job.stalls, []);
  job.pass(1);
  assert.deepEqual(job.stalls, [302]);
});

it('a job that has ended does not stall', (test) => {
  test.after(() => {
    mock.reset();
  });
  const job = watched(300);
  job.alive();
  job.end();
  job.pass(1000);
  assert.deepEqual(job.stalls, []);
});

it('a sign of life that was waiting to be read refutes a stall', (test) => {
  test.after(() => {
    mock.reset();
  });
  const job = watched(300);
  job.pass(301);
  job.alive();
  job.pass(200);
  assert.deepEqual(job.stalls, []);
});
