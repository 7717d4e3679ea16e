import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';

import { processesCanBeFound } from '../support/processes.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { openWorkflowBench, Steps, type Behaviour, type WorkflowBench } from '../support/workflow-bench.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';

describe('the sweep workflow on a real Temporal server', { skip, concurrency: 1, timeout: 600_000 }, () => {
  let bench: WorkflowBench;

  before(async () => {
    bench = await openWorkflowBench(temporaryFolderOfFile('workflows'));
  });
  after(() => bench.close());

  it('runs every unit once and survives a replay', async () => {
    const steps = new Steps({}, 33);
    const result = await bench.runSweep('complete', steps);
    assert.equal(result.outcome, 'complete');
    // 33 cases are 3 shards; 2 arms × 2 folds are trained and evaluated.
    assert.equal(steps.started.length, 1 + 3 + 1 + 1 + 4 + 4 + 1 + 1 + 1);
    assert.equal(new Set(steps.started).size, steps.started.length);
    assert.equal(result.report?.key, steps.requests.get('report')?.key);

    const history = await bench.client.workflow.getHandle('complete').fetchHistory();
    const bundle = { code: readFileSync(bench.bundlePath, 'utf8') };
    await Worker.runReplayHistory({ workflowBundle: bundle }, history);
  });

  it('continues after a training diverges, passes the gap to the join and is partial', async () => {
    const diverges = (): never => {
      throw ApplicationFailure.nonRetryable('train flat/unet/ce/fold-1: TRAINING_DIVERGED', 'Diverged');
    };
    const steps = new Steps({ 'train flat/unet/ce/fold-1': diverges });
    const result = await bench.runSweep('partial', steps);
    assert.equal(result.outcome, 'partial');
    const message = 'train flat/unet/ce/fold-1: TRAINING_DIVERGED';
    assert.deepEqual(result.failures, [{ unit: 'train flat/unet/ce/fold-1', kind: 'Diverged', message }]);
    assert.equal(result.blocked, 1);
    const cause = { unit: 'train flat/unet/ce/fold-1', kind: 'Diverged', message };
    assert.deepEqual(steps.requests.get('join flat')?.gaps, [{ unit: 'evaluate flat/unet/ce/fold-1', cause }]);
    assert.ok(result.report);
  });

  it('fails if no arm could be evaluated', async () => {
    const steps = new Steps({
      'split flat': () => {
        throw ApplicationFailure.nonRetryable('split flat: SPLIT_INVALID', 'DataInvalid');
      },
    });
    const result = await bench.runSweep('failed', steps);
    assert.equal(result.outcome, 'failed');
    assert.deepEqual(
      result.failures.map(({ unit, kind }) => [unit, kind]),
      [['split flat', 'DataInvalid']],
    );
  });

  it('retries work that a stopping worker interrupted', async () => {
    const steps = new Steps({
      'train flat/lr/ce/fold-0': (_, attempt) => {
        if (attempt === 1) throw ApplicationFailure.create({ type: 'Interrupted', message: 'interrupted' });
        return {};
      },
    });
    assert.equal((await bench.runSweep('interrupted', steps)).outcome, 'complete');
    assert.equal(steps.started.filter((unit) => unit === 'train flat/lr/ce/fold-0').length, 2);
  });

  it('evaluates a stored training while others are still running', async () => {
    const learn = new Steps();
    await bench.runSweep('learn the keys', learn);
    let evaluated = (): void => undefined;
    const evaluation = new Promise<void>((resolve) => (evaluated = resolve));
    const waits: Behaviour = async () => {
      await evaluation;
      return {};
    };
    const steps = new Steps({
      // These end only once the first has been evaluated: a sweep that waits for them would hang here.
      'train flat/lr/ce/fold-1': waits,
      'train flat/unet/ce/fold-0': waits,
      'train flat/unet/ce/fold-1': waits,
      'evaluate flat/lr/ce/fold-0': () => {
        evaluated();
        return {};
      },
    });
    steps.stored.add(learn.requests.get('train flat/lr/ce/fold-0')?.key ?? '');
    const result = await bench.runSweep('one is cached', steps);
    assert.equal(result.outcome, 'complete');
    const trained = result.steps.find(({ step }) => step === 'train');
    assert.deepEqual([trained?.cached, trained?.done], [1, 3]);
  });

  it('recomputes results that the store has lost, then the unit that needed them', async () => {
    const steps: Steps = new Steps({
      'train flat/lr/ce/fold-0': ({ inputs }, attempt) => {
        if (attempt > 1) return {};
        const prepared = steps.requests.get('preprocess flat/shard-0')?.key ?? '';
        steps.stored.delete(prepared);
        assert.ok(inputs.length > 0);
        throw ApplicationFailure.nonRetryable('train flat/lr/ce/fold-0: STORE_CORRUPT', 'StoreCorrupt');
      },
    });
    const result = await bench.runSweep('repaired', steps);
    assert.equal(result.outcome, 'complete');
    assert.deepEqual(result.repaired, ['preprocess flat/shard-0']);
    assert.equal(steps.started.filter((unit) => unit === 'preprocess flat/shard-0').length, 2);
    assert.equal(steps.started.filter((unit) => unit === 'train flat/lr/ce/fold-0').length, 2);
  });

  it('gives up on a unit whose inputs keep getting lost', async () => {
    const steps = new Steps({
      'split flat': () => {
        throw ApplicationFailure.nonRetryable('split flat: STORE_CORRUPT', 'StoreCorrupt');
      },
    });
    const result = await bench.runSweep('beyond repair', steps);
    assert.deepEqual(
      result.failures.map(({ unit, kind }) => [unit, kind]),
      [['split flat', 'StoreCorrupt']],
    );
  });
});
