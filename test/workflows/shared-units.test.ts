import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, describe, it } from 'node:test';

import { Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import { sharedUnitWorkflowId } from '../../contracts/workflow-ids.js';
import { release as pipelineRelease } from '../../steps/pipeline.js';
import { processesCanBeFound } from '../support/processes.js';
import { parsedTinyConfig } from '../support/sweeps/plan-of.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';
import { openWorkflowBench, Steps, type WorkflowBench } from '../support/workflow-bench.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';

describe('sweeps that need the same training', { skip, concurrency: 1, timeout: 600_000 }, () => {
  let bench: WorkflowBench;

  before(async () => {
    bench = await openWorkflowBench(temporaryFolderOfFile('shared-units'));
  });
  after(() => bench.close());

  const unit = 'train flat/unet/ce/fold-0';

  /** Steps in which one training runs until it is released, and reports whether it was cancelled. */
  function heldSteps(): { steps: Steps; release: () => void; isCancelled: () => boolean } {
    let release = (): void => undefined;
    let cancelled = false;
    const released = new Promise<void>((resolve) => (release = resolve));
    const steps = new Steps({
      [unit]: async () => {
        const beat = setInterval(heartbeat, 100);
        const { cancelled: cancellation } = Context.current();
        cancellation.catch(() => (cancelled = true));
        try {
          await Promise.race([released, cancellation]);
        } finally {
          clearInterval(beat);
        }
        return {};
      },
    });
    return { steps, release, isCancelled: () => cancelled };
  }

  const started = (steps: Steps): Promise<true> =>
    waitFor('the training to start', () => (steps.started.includes(unit) ? true : undefined));

  /** The number of sweeps that wait for a unit, by default the training. */
  async function waitersOf(steps: Steps, awaited = unit): Promise<number> {
    const key = steps.requests.get(awaited)?.key;
    if (key === undefined) return 0;
    const { events } = await bench.client.workflow.getHandle(sharedUnitWorkflowId(pipelineRelease, key)).fetchHistory();
    const signals = events?.flatMap(({ workflowExecutionSignaledEventAttributes: one }) => one?.signalName ?? []) ?? [];
    const count = (name: string): number => signals.filter((signal) => signal === name).length;
    return count('join') - count('leave');
  }

  const waiters = (steps: Steps, expected: number): Promise<true> =>
    waitFor(`${String(expected)} sweeps to wait`, async () =>
      (await waitersOf(steps)) === expected ? true : undefined,
    );

  it('run it once, wait without timers, and continue when another sweep is cancelled', async () => {
    const { steps, release, isCancelled } = heldSteps();
    await bench.withWorkers(steps, async () => {
      const owner = await bench.startSweep('owner');
      await started(steps);
      const guest = await bench.startSweep('guest');
      await waiters(steps, 2);
      await owner.cancel();
      await waiters(steps, 1);
      await assert.rejects(owner.result());
      assert.ok(!isCancelled());
      release();
      assert.equal((await bench.resultOf(guest)).outcome, 'complete');
      assert.equal(steps.started.filter((one) => one === unit).length, 1);
      const { events = [] } = await guest.fetchHistory();
      assert.ok(events?.every(({ timerStartedEventAttributes: timer }) => timer == null));
    });
  });

  it('cancel it when the last one leaves, and a later sweep starts it anew', async () => {
    const { steps, release, isCancelled } = heldSteps();
    await bench.withWorkers(steps, async () => {
      const [first, second] = [await bench.startSweep('first'), await bench.startSweep('second')];
      await started(steps);
      await waiters(steps, 2);
      await Promise.all([first.cancel(), second.cancel()]);
      await waitFor('the training to be cancelled', () => (isCancelled() ? true : undefined));
      release();
      assert.equal((await bench.resultOf(await bench.startSweep('later'))).outcome, 'complete');
      assert.equal(steps.started.filter((one) => one === unit).length, 2);
    });
  });

  it('learn why it failed', async () => {
    const steps = new Steps({
      [unit]: () => {
        throw ApplicationFailure.create({
          ...{ type: 'Diverged', message: 'it diverged', nonRetryable: true, details: ['b'.repeat(64)] },
        });
      },
    });
    const [failure] = (await bench.runSweep('hears', steps)).failures;
    assert.deepEqual(failure, { unit, kind: 'Diverged', message: 'it diverged', reason: 'b'.repeat(64) });
  });

  it('prepare the same cases once', async () => {
    const prepared = 'preprocess flat/shard-0';
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const steps = new Steps({
      [prepared]: async () => {
        await released;
        return {};
      },
    });
    await bench.withWorkers(steps, async () => {
      const sweeps = [await bench.startSweep('prepares'), await bench.startSweep('shares')];
      await waitFor('both sweeps to wait', async () => ((await waitersOf(steps, prepared)) === 2 ? true : undefined));
      release();
      for (const sweep of sweeps) assert.equal((await bench.resultOf(sweep)).outcome, 'complete');
      const shared = steps.started.filter((one) => !one.startsWith('scan'));
      assert.deepEqual([...new Set(shared)], shared);
    });
  });

  it('wait for at most 64 trainings at a time', async () => {
    const folds = 40;
    const config = parsedTinyConfig({ models: ['lr', 'unet'], losses: ['ce'] });
    const steps = new Steps({}, 6, { ...config, split: { ...config.split, folds } });
    // The first training ends once 64 have started; the others end once its end has let one more start.
    const asked = new EventEmitter();
    const [full, another] = [once(asked, '64'), once(asked, '65')];
    let count = 0;
    steps.awaitSharedUnit = async ({ name }, request) => {
      if (name !== 'train') return steps.run(name, request);
      count++;
      const enough = count === 1 ? full : another;
      asked.emit(String(count));
      await enough;
      return steps.run(name, request);
    };
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('many');
      assert.equal((await bench.resultOf(sweep)).outcome, 'complete');
      const { events } = await sweep.fetchHistory();
      let most = 0;
      const waits = new Set<string>();
      for (const { eventId, activityTaskScheduledEventAttributes: scheduled, ...event } of events ?? []) {
        const [step] = scheduled?.input?.payloads ?? [];
        const { name } = JSON.parse(Buffer.from(step?.data ?? '{}').toString('utf8')) as { name?: string };
        if (name === 'train') waits.add(String(eventId));
        const ended = event.activityTaskCompletedEventAttributes?.scheduledEventId;
        if (ended != null) waits.delete(String(ended));
        most = Math.max(most, waits.size);
      }
      assert.equal(count, 2 * folds);
      assert.equal(most, 64);
    });
  });
});
