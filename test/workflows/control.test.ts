import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { WorkflowUpdateFailedError } from '@temporalio/client';

import { progressQueryName, type SweepProgress } from '../../contracts/sweep.js';
import { processesCanBeFound } from '../support/processes.js';
import { diverges, first, gate, second, unitsOf, until, update } from '../support/running-sweep.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';
import { openWorkflowBench, Steps, type WorkflowBench } from '../support/workflow-bench.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';

describe('a running sweep', { skip, concurrency: 1, timeout: 600_000 }, () => {
  let bench: WorkflowBench;

  before(async () => {
    bench = await openWorkflowBench(temporaryFolderOfFile('control'));
  });
  after(() => bench.close());

  const refusal = async (asked: Promise<unknown>): Promise<string> => {
    const error: unknown = await asked.then(
      () => assert.fail('the update was accepted'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof WorkflowUpdateFailedError, String(error));
    return error.cause?.message ?? '';
  };

  it('runs a failed training again while others still train, and is complete', async () => {
    const other = gate();
    const steps = new Steps({ [first]: diverges, [second]: other.behaviour });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('rerun');
      await until(sweep, 'a failure', ({ failed, running }) => failed.includes(first) && running.includes(second));
      assert.deepEqual(await update(sweep, 'rerun', [first]), [first]);
      await until(sweep, 'its evaluation', ({ done }) => done.includes('evaluate flat/lr/ce/fold-0'));
      assert.ok((await unitsOf(sweep)).running.includes(second));
      other.open();
      const result = await bench.resultOf(sweep);
      assert.deepEqual([result.outcome, result.failures], ['complete', []]);
      assert.deepEqual(steps.requests.get('join flat')?.gaps, []);
    });
  });

  it('refuses to run units again that it does not have or that have a result, and ignores those under way', async () => {
    const other = gate();
    const steps = new Steps({ [second]: other.behaviour });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('refusals');
      await until(sweep, 'an evaluation', ({ done }) => done.includes('evaluate flat/lr/ce/fold-0'));
      const unknown = refusal(update(sweep, 'rerun', ['train flat/lr/ce/fold-9']));
      assert.equal(await unknown, 'the sweep has no unit "train flat/lr/ce/fold-9"');
      assert.equal(await refusal(update(sweep, 'rerun', [first])), `${first} has not failed: it is done`);
      assert.deepEqual(await update(sweep, 'rerun', [second]), []);
      other.open();
      assert.equal((await bench.resultOf(sweep)).outcome, 'complete');
      assert.equal(steps.started.filter((unit) => unit === second).length, 1);
    });
  });

  it('keeps earlier failures that were not selected, as gaps, and runs nothing of them', async () => {
    const failure = { unit: first, kind: 'Diverged', message: `${first}: TRAINING_DIVERGED` };
    const steps = new Steps();
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.client.workflow.start('sweep', {
        ...{ workflowId: 'kept', taskQueue: bench.workflowTaskQueue },
        args: [{ sweepId: 'kept', specification: 'a'.repeat(64), keptFailures: [failure] }],
      });
      const result = await bench.resultOf(sweep);
      assert.deepEqual([result.outcome, result.failures], ['partial', [failure]]);
      assert.ok(!steps.started.includes(first));
      const gap = { unit: 'evaluate flat/lr/ce/fold-0', cause: failure };
      assert.deepEqual(steps.requests.get('join flat')?.gaps, [gap]);
    });
  });

  it('stops what is paused, starts nothing more of it, and goes on with it after resume', async () => {
    const held = gate();
    const steps = new Steps({ [second]: held.behaviour });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('pause');
      await until(sweep, 'the training', ({ running }) => running.includes(second));
      await waitFor('it to begin', () => (steps.started.includes(second) ? true : undefined));
      const concerned = await update(sweep, 'pause', [{ model: 'unet' }]);
      assert.ok(concerned.includes(second) && concerned.every((unit) => unit.includes('/unet/')));
      await until(sweep, 'it to be held', (units) => units.held.includes(second));
      assert.equal(held.cancellations(), 1);
      await until(sweep, 'the others', ({ done }) => done.includes('evaluate flat/lr/ce/fold-1'));
      const { stopping, held: count } = await sweep.query<SweepProgress>(progressQueryName);
      const { held: open } = await unitsOf(sweep);
      assert.deepEqual([stopping, count], [0, open.length]);
      assert.ok(open.every((unit) => unit.includes('/unet/')));
      held.open();
      assert.ok((await update(sweep, 'resume', [{}])).includes(second));
      const result = await bench.resultOf(sweep);
      assert.deepEqual([result.outcome, result.held], ['complete', 0]);
      assert.equal(steps.started.filter((unit) => unit === second).length, 2);
    });
  });

  it('does without what is cancelled: the gap is marked, and the rest is made', async () => {
    const stopped = gate();
    const steps = new Steps({ [second]: stopped.behaviour });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('cancel');
      await waitFor('it to begin', () => (steps.started.includes(second) ? true : undefined));
      await update(sweep, 'cancel', [{ model: 'unet', fold: 1 }]);
      const result = await bench.resultOf(sweep);
      assert.equal(stopped.cancellations(), 1);
      const cause = { unit: second, kind: 'Cancelled', message: `${second}: cancelled` };
      assert.deepEqual([result.outcome, result.failures, result.blocked], ['partial', [cause], 1]);
      assert.deepEqual(steps.requests.get('join flat')?.gaps, [{ unit: 'evaluate flat/unet/ce/fold-1', cause }]);
    });
  });

  it('ends with the failures of all that is cancelled if nothing is named', async () => {
    const [one, other] = [gate(), gate()];
    const steps = new Steps({
      [first]: one.behaviour,
      [second]: other.behaviour,
      'train flat/lr/ce/fold-1': other.behaviour,
      'train flat/unet/ce/fold-0': other.behaviour,
    });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('cancel all');
      await waitFor('all to begin', () =>
        steps.started.filter((unit) => unit.startsWith('train')).length === 4 ? true : undefined,
      );
      await update(sweep, 'cancel', [{}]);
      const result = await bench.resultOf(sweep);
      assert.equal(result.outcome, 'failed');
      assert.deepEqual([...new Set(result.failures.map(({ kind }) => kind))], ['Cancelled']);
      assert.equal(result.failures.length, 4);
    });
  });
});
