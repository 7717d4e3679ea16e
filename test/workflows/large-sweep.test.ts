import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Context, heartbeat } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';

import { awaitSharedUnit } from '../../activities/await-shared-unit.js';
import { unitId } from '../../domain/plan/units.js';
import { processesCanBeFound } from '../support/processes.js';
import { parsedTinyConfig } from '../support/sweeps/plan-of.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { openWorkflowBench, Steps, type WorkflowBench } from '../support/workflow-bench.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';

/** Temporal's own limit for a history that it suggests to end. */
const mostEvents = 4096;

/** The number of events of each execution of a workflow, and the largest message in any of them. */
async function executionsOf(
  bench: WorkflowBench,
  first: WorkflowHandle & { readonly firstExecutionRunId?: string },
): Promise<{ lengths: number[]; largestBytes: number }> {
  const lengths: number[] = [];
  let largestBytes = 0;
  let runId = first.firstExecutionRunId;
  while (runId !== undefined && runId !== '') {
    const { events } = await bench.client.workflow.getHandle(first.workflowId, runId).fetchHistory();
    lengths.push(events?.length ?? 0);
    for (const event of events ?? []) largestBytes = Math.max(largestBytes, JSON.stringify(event).length);
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
  return { lengths, largestBytes };
}

describe('a sweep of ten times the size of the paper’s', { skip, timeout: 1_200_000 }, () => {
  let bench: WorkflowBench;

  before(async () => {
    bench = await openWorkflowBench(temporaryFolderOfFile('large'));
  });
  after(() => bench.close());

  it('continues in new executions of fewer than 4,096 events, and its running training goes on', async (test) => {
    // 4 data sets × 6 arms × 50 folds are 1,200 trainings; 2,050 cases each are 129 shards.
    const [dataSet] = parsedTinyConfig().dataSets;
    assert.ok(dataSet !== undefined);
    const config = {
      ...parsedTinyConfig({ models: ['lr', 'convnet', 'unet'], losses: ['ce', 'sd'] }),
      dataSets: ['a', 'b', 'c', 'd'].map((name) => ({ ...dataSet, name })),
    };
    const long = 'train a/lr/ce/fold-0';
    const done = new Set<string>();
    let finished = 0;
    let cancelled = false;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const steps = new Steps(
      {
        [long]: async () => {
          const beat = setInterval(heartbeat, 100);
          Context.current().cancelled.catch(() => (cancelled = true));
          await ended.finally(() => clearInterval(beat));
          return {};
        },
      },
      2050,
      { ...config, split: { ...config.split, folds: 50 } },
    );
    // All units but one are done where the sweep waits for them, which spares a thousand workflows.
    steps.awaitSharedUnit = async (step, request, waiting) => {
      const unit = unitId(step.name, request.coordinates);
      if (unit === long) return awaitSharedUnit(step, request, waiting);
      const result = await steps.run(step.name, request);
      // Until then all is done that does not need it: the other trainings and their evaluations.
      finished += /^(train|evaluate) /.test(unit) && !done.has(unit) ? 1 : 0;
      done.add(unit);
      if (finished === 2 * 1199) end();
      return result;
    };
    await bench.withWorkers(steps, async () => {
      const sweep = await bench.startSweep('large');
      const result = await bench.resultOf(sweep);
      assert.equal(result.outcome, 'complete');
      for (const one of result.steps) assert.equal(one.done, one.total, one.step);
      assert.equal(steps.started.filter((one) => one === long).length, 1);
      assert.ok(!cancelled);
      const { lengths, largestBytes } = await executionsOf(bench, sweep);
      test.diagnostic(`events by execution: ${lengths.join(', ')}; largest event: ${largestBytes} bytes of JSON`);
      assert.ok(lengths.length > 1 && lengths.every((length) => length < mostEvents), lengths.join(', '));
    });
  });
});
