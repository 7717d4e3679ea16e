import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { startEmbeddedServer, type EmbeddedServer } from '../../cli/engine/embedded-server.js';
import type { Activities, StepRequest, StepResult } from '../../contracts/activities.js';
import { stepNames, type StepName } from '../../contracts/pipeline.js';
import type { SweepResult } from '../../contracts/sweep.js';
import { taskQueues, workflowTaskQueue } from '../../contracts/task-queues.js';
import { digestOfJson } from '../../domain/plan/key.js';
import { unitId } from '../../domain/plan/units.js';
import { dataFolderAt } from '../../storage/store/data-folder.js';
import { specificationOf } from '../../storage/sweeps/sweep-records.js';
import { repositoryRoot } from '../support/paths.js';
import { parsedTinyConfig } from '../support/sweeps/plan-of.js';
import { killProcessesOf, processesCanBeFound } from '../support/processes.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('workflows');
const bundlePath = join(root, 'bundle.js');
const config = parsedTinyConfig({ models: ['lr', 'unet'], losses: ['ce'] });

type Behaviour = (request: StepRequest, attempt: number) => Promise<Partial<StepResult>> | Partial<StepResult>;

/** What the workflow asked for, and what it is answered, where that is not simply a result. */
class Steps {
  readonly started: string[] = [];
  readonly requests = new Map<string, StepRequest>();
  readonly stored = new Set<string>();
  constructor(
    readonly behaviours: Readonly<Record<string, Behaviour>> = {},
    readonly cases = 6,
  ) {}

  async run(step: StepName, request: StepRequest): Promise<StepResult> {
    const unit = unitId(step, request.coordinates);
    this.started.push(unit);
    this.requests.set(unit, request);
    const attempt = this.started.filter((one) => one === unit).length;
    const ref = { step, key: request.key, digest: digestOfJson({ made: request.key }) };
    const answer = (await this.behaviours[unit]?.(request, attempt)) ?? {};
    return { ref, cached: false, ...(step === 'scan' && { caseCount: this.cases }), ...answer };
  }

  /** Activities that do nothing but answer: the store has what was put into `stored` by unit. */
  activities(): Activities {
    const steps = Object.fromEntries(
      stepNames.map((step) => [step, (request: StepRequest) => this.run(step, request)]),
    ) as Omit<Activities, 'findArtifacts' | 'readSpecification'>;
    return {
      ...steps,
      findArtifacts: async (keys) =>
        keys.map((key) => (this.stored.has(key) ? { step: 'train', key, digest: digestOfJson({ made: key }) } : null)),
      readSpecification: async () => specificationOf({ config, importedFolds: null, environment: null }),
    };
  }
}

describe('the sweep workflow on a real Temporal server', { skip, concurrency: 1, timeout: 120_000 }, () => {
  let server: EmbeddedServer;
  let connection: NativeConnection;
  let client: Client;
  let clientConnection: Connection;

  before(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const script = join(repositoryRoot, 'dist', 'worker', 'bundle-workflows.js');
    const built = spawnSync(process.execPath, [script, bundlePath], { encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
    server = await startEmbeddedServer(dataFolderAt(root));
    connection = await NativeConnection.connect({ address: server.address });
    clientConnection = await Connection.connect({ address: server.address });
    client = new Client({ connection: clientConnection });
  });
  after(async () => {
    await clientConnection.close();
    await connection.close();
    await server.stop();
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  /** Runs a sweep with workers that answer with these steps. */
  async function runSweep(sweepId: string, steps: Steps): Promise<SweepResult> {
    const activities = steps.activities();
    const workers = await Promise.all([
      Worker.create({ connection, taskQueue: workflowTaskQueue, workflowBundle: { codePath: bundlePath } }),
      ...Object.values(taskQueues).map((taskQueue) => Worker.create({ connection, taskQueue, activities })),
    ]);
    const execution = (): Promise<SweepResult> =>
      client.workflow.execute('sweep', {
        workflowId: sweepId,
        taskQueue: workflowTaskQueue,
        args: [{ sweepId, specification: 'a'.repeat(64) }],
      }) as Promise<SweepResult>;
    const [first, ...others] = workers;
    const running = others.map((worker) => worker.run());
    try {
      return await first.runUntil(execution);
    } finally {
      for (const worker of others) worker.shutdown();
      await Promise.all(running);
    }
  }

  it('runs every unit once and takes what it has done through a replay', async () => {
    const steps = new Steps({}, 33);
    const result = await runSweep('complete', steps);
    assert.equal(result.outcome, 'complete');
    // 33 cases are 3 shards; 2 arms × 2 folds are trained and evaluated.
    assert.equal(steps.started.length, 1 + 3 + 1 + 1 + 4 + 4 + 1 + 1 + 1);
    assert.equal(new Set(steps.started).size, steps.started.length);
    assert.equal(result.report?.key, steps.requests.get('report')?.key);

    const history = await client.workflow.getHandle('complete').fetchHistory();
    const bundle = { code: readFileSync(bundlePath, 'utf8') };
    await Worker.runReplayHistory({ workflowBundle: bundle }, history);
  });

  it('goes on past a training that diverges, tells the aggregate of the gap and is partial', async () => {
    const diverges = (): never => {
      throw ApplicationFailure.nonRetryable('train flat/unet/ce/fold-1: TRAINING_DIVERGED', 'Diverged');
    };
    const steps = new Steps({ 'train flat/unet/ce/fold-1': diverges });
    const result = await runSweep('partial', steps);
    assert.equal(result.outcome, 'partial');
    const message = 'train flat/unet/ce/fold-1: TRAINING_DIVERGED';
    assert.deepEqual(result.failures, [{ unit: 'train flat/unet/ce/fold-1', kind: 'Diverged', message }]);
    assert.equal(result.blocked, 1);
    assert.deepEqual(steps.requests.get('aggregate flat')?.gaps, ['evaluate flat/unet/ce/fold-1']);
    assert.ok(result.report);
  });

  it('has failed when no arm could be evaluated', async () => {
    const steps = new Steps({
      'split flat': () => {
        throw ApplicationFailure.nonRetryable('split flat: SPLIT_INVALID', 'DataInvalid');
      },
    });
    const result = await runSweep('failed', steps);
    assert.equal(result.outcome, 'failed');
    assert.deepEqual(
      result.failures.map(({ unit, kind }) => [unit, kind]),
      [['split flat', 'DataInvalid']],
    );
  });

  it('tries work again that its worker had to leave', async () => {
    const steps = new Steps({
      'train flat/lr/ce/fold-0': (_, attempt) => {
        if (attempt === 1) throw ApplicationFailure.create({ type: 'Interrupted', message: 'interrupted' });
        return {};
      },
    });
    assert.equal((await runSweep('interrupted', steps)).outcome, 'complete');
    assert.equal(steps.started.filter((unit) => unit === 'train flat/lr/ce/fold-0').length, 2);
  });

  it('evaluates a training that the store has already while others are still trained', async () => {
    const learn = new Steps();
    await runSweep('learn the keys', learn);
    let evaluated = (): void => undefined;
    const evaluation = new Promise<void>((resolve) => (evaluated = resolve));
    const waits: Behaviour = async () => {
      await evaluation;
      return {};
    };
    const steps = new Steps({
      // These end only when the first has been evaluated: a sweep that waits for them would hang here.
      'train flat/lr/ce/fold-1': waits,
      'train flat/unet/ce/fold-0': waits,
      'train flat/unet/ce/fold-1': waits,
      'evaluate flat/lr/ce/fold-0': () => {
        evaluated();
        return {};
      },
    });
    steps.stored.add(learn.requests.get('train flat/lr/ce/fold-0')?.key ?? '');
    const result = await runSweep('one is cached', steps);
    assert.equal(result.outcome, 'complete');
    const trained = result.steps.find(({ step }) => step === 'train');
    assert.deepEqual([trained?.cached, trained?.done], [1, 3]);
  });
});
