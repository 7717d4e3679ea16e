import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import { processesCanBeFound } from '../support/processes.js';
import { diverges, first, gate, second, unitsOf, until, update } from '../support/running-sweep.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';
import { openWorkflowBench, Steps, type Behaviour, type WorkflowBench } from '../support/workflow-bench.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';

describe('of a sweep that is told several things', { skip, concurrency: 1, timeout: 600_000 }, () => {
  let bench: WorkflowBench;

  before(async () => {
    bench = await openWorkflowBench(temporaryFolderOfFile('interventions'));
  });
  after(() => bench.close());

  it('a paused unit is held although its worker ended while it stopped', async () => {
    let stops = 0;
    // As the engine says of an activity that was told to stop and whose worker ends.
    const lost: Behaviour = async (_, attempt) => {
      if (attempt > 1) return {};
      const beat = setInterval(heartbeat, 50);
      await Context.current()
        .cancelled.catch(() => stops++)
        .finally(() => {
          clearInterval(beat);
        });
      throw ApplicationFailure.create({ type: 'WorkerShutdown', message: 'did not complete in time' });
    };
    const steps = new Steps({ [second]: lost });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('lost-while-paused');
      await waitFor('it to begin', () => (steps.started.includes(second) ? true : undefined));
      await update(sweep, 'pause', [{ model: 'unet' }]);
      await until(sweep, 'it to be held', ({ held }) => held.includes(second));
      assert.equal(stops, 1);
      assert.deepEqual((await unitsOf(sweep)).failed, []);
      await update(sweep, 'resume', [{}]);
      assert.equal((await bench.resultOf(sweep)).outcome, 'complete');
    });
  });

  it('is told to wait while it does not know its units, and pauses afterwards', async () => {
    const scanning = gate();
    const steps = new Steps({ 'scan flat': scanning.behaviour });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('pause-early');
      await waitFor('the scan', () => (steps.started.includes('scan flat') ? true : undefined));
      await assert.rejects(update(sweep, 'pause', [{}]), (error: Error) => {
        assert.match(String(error.cause), /still reading its data sets; try again/);
        return true;
      });
      scanning.open();
      await until(sweep, 'all units', ({ running, waiting }) => running.length + waiting.length > 4);
      await update(sweep, 'pause', [{ step: 'evaluate' }]);
      await until(sweep, 'held evaluations', ({ held }) => held.some((unit) => unit.startsWith('evaluate')));
      await update(sweep, 'resume', [{}]);
      assert.equal((await bench.resultOf(sweep)).outcome, 'complete');
    });
  });

  it('a failed unit runs again although the sweep is paused, and nothing else does', async () => {
    const other = gate();
    const steps = new Steps({ [first]: diverges, [second]: other.behaviour });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('rerun-paused');
      await until(sweep, 'a failure', ({ failed, running }) => failed.includes(first) && running.includes(second));
      await update(sweep, 'pause', [{}]);
      await until(sweep, 'it to be held', ({ held }) => held.includes(second));
      assert.deepEqual(await update(sweep, 'rerun', [first]), [first]);
      await until(sweep, 'its evaluation', ({ done }) => done.includes('evaluate flat/lr/ce/fold-0'));
      assert.ok((await unitsOf(sweep)).held.includes(second));
      other.open();
      await update(sweep, 'resume', [{}]);
      assert.equal((await bench.resultOf(sweep)).outcome, 'complete');
    });
  });

  it('all that is cancelled ends it, although it was paused', async () => {
    const held = gate();
    const steps = new Steps({ [second]: held.behaviour });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('cancel-paused');
      await until(sweep, 'an evaluation', ({ done }) => done.includes('evaluate flat/lr/ce/fold-0'));
      await update(sweep, 'pause', [{}]);
      await until(sweep, 'it to be held', (units) => units.held.includes(second));
      await update(sweep, 'cancel', [{}]);
      const { outcome, failures } = await bench.resultOf(sweep);
      assert.equal(outcome, 'partial');
      assert.ok(failures.every(({ kind }) => kind === 'Cancelled'));
    });
  });

  it('a cancelled unit that is run again while it still stops begins again', async () => {
    let letStop = (): void => undefined;
    const mayStop = new Promise<void>((resolve) => (letStop = resolve));
    let attempts = 0;
    const slowlyStopping: Behaviour = async () => {
      if (++attempts > 1) return {};
      const beat = setInterval(heartbeat, 50);
      const { cancelled } = Context.current();
      await cancelled.catch(() => mayStop).finally(() => clearInterval(beat));
      throw await cancelled.catch((error: unknown) => error);
    };
    const steps = new Steps({ [second]: slowlyStopping });
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('rerun-cancelled');
      await waitFor('it to begin', () => (steps.started.includes(second) ? true : undefined));
      await update(sweep, 'cancel', [{ model: 'unet', fold: 1, step: 'train' }]);
      assert.deepEqual((await unitsOf(sweep)).cancelling, [second]);
      assert.deepEqual(await update(sweep, 'rerun', [second]), [second]);
      letStop();
      const { outcome, failures } = await bench.resultOf(sweep);
      assert.deepEqual([outcome, failures, attempts], ['complete', [], 2]);
    });
  });
});
