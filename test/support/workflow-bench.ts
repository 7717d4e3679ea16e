import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { awaitSharedUnit } from '../../activities/await-shared-unit.js';
import { startEmbeddedServer } from '../../cli/engine/server/embedded-server.js';
import type { EngineActivities, StepActivities, StepRequest, StepResult } from '../../contracts/activities.js';
import type { SweepResult } from '../../contracts/sweep.js';
import { taskQueuesOf } from '../../contracts/task-queues.js';
import { workflowPatience } from '../../contracts/workflow-patience.js';
import { digestOfJson } from '../../domain/plan/key.js';
import { unitId } from '../../domain/plan/units.js';
import { pipeline, release, specificationOf } from '../../steps/pipeline.js';
import { dataFolderAt } from '../../storage/store/data-folder.js';
import { repositoryRoot } from './paths.js';
import { killProcessesOf } from './processes.js';
import { contentOf, parsedTinyConfig } from './sweeps/plan-of.js';

const { workflows: workflowTaskQueue, ...taskQueues } = taskQueuesOf(release);

// As in worker/main.ts.
const patient = { isolateExecutionTimeout: workflowPatience };

const smallSweep = parsedTinyConfig({ models: ['lr', 'unet'], losses: ['ce'] });

export type Behaviour = (request: StepRequest, attempt: number) => Promise<Partial<StepResult>> | Partial<StepResult>;

/** What the workflow asked for, and what it is answered, where that is not simply a result. */
export class Steps {
  readonly started: string[] = [];
  readonly requests = new Map<string, StepRequest>();
  readonly stored = new Set<string>();
  constructor(
    readonly behaviours: Readonly<Record<string, Behaviour>> = {},
    readonly cases = 6,
    readonly config = smallSweep,
  ) {}

  /** How the sweeps' own activity waits for a training. */
  awaitSharedUnit: EngineActivities['awaitSharedUnit'] = awaitSharedUnit;

  async run(step: string, request: StepRequest): Promise<StepResult> {
    const unit = unitId(step, request.coordinates);
    this.started.push(unit);
    this.requests.set(unit, request);
    const attempt = this.started.filter((one) => one === unit).length;
    const ref = { step, key: request.key, digest: digestOfJson({ made: request.key }) };
    const answer = (await this.behaviours[unit]?.(request, attempt)) ?? {};
    this.stored.add(request.key);
    return { ref, cached: false, ...(step === 'scan' && { caseCount: this.cases }), ...answer };
  }

  /** Activities that do nothing but answer: the store has what was put into `stored` by unit. */
  activities(): object {
    const steps: StepActivities = Object.fromEntries(
      pipeline.map(({ name }) => [name, (request: StepRequest) => this.run(name, request)]),
    );
    const engine: EngineActivities = {
      findArtifacts: async (keys) =>
        keys.map((key) => (this.stored.has(key) ? { step: 'train', key, digest: digestOfJson({ made: key }) } : null)),
      readSpecification: async () => specificationOf(contentOf(this.config)),
      awaitSharedUnit: (...asked) => this.awaitSharedUnit(...asked),
    };
    return { ...steps, ...engine };
  }
}

/** The workflows on a real Temporal server, with workers whose activities answer as a test says. */
export interface WorkflowBench {
  readonly client: Client;
  readonly address: string;
  readonly workflowTaskQueue: string;
  readonly bundlePath: string;
  /** Does something while workers answer with these steps. */
  withWorkers<T>(steps: Steps, act: () => Promise<T>): Promise<T>;
  startSweep(sweepId: string): Promise<WorkflowHandle>;
  resultOf(handle: WorkflowHandle): Promise<SweepResult>;
  runSweep(sweepId: string, steps: Steps): Promise<SweepResult>;
  close(): Promise<void>;
}

export async function openWorkflowBench(root: string): Promise<WorkflowBench> {
  const bundlePath = join(root, 'bundle.js');
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const script = join(repositoryRoot, 'dist', 'worker', 'bundle-workflows.js');
  const built = spawnSync(process.execPath, [script, bundlePath], { encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  const server = await startEmbeddedServer(dataFolderAt(root));
  const connection = await NativeConnection.connect({ address: server.address });
  const clientConnection = await Connection.connect({ address: server.address });
  const client = new Client({ connection: clientConnection });

  async function withWorkers<T>(steps: Steps, act: () => Promise<T>): Promise<T> {
    const activities = steps.activities();
    const workers = await Promise.all([
      Worker.create({ connection, ...patient, taskQueue: workflowTaskQueue, workflowBundle: { codePath: bundlePath } }),
      ...Object.values(taskQueues).map((taskQueue) =>
        Worker.create({ connection, taskQueue, activities, maxHeartbeatThrottleInterval: '200 milliseconds' }),
      ),
    ]);
    const [first, ...others] = workers;
    const running = others.map((worker) => worker.run());
    try {
      return await first.runUntil(act);
    } finally {
      for (const worker of others) worker.shutdown();
      await Promise.all(running);
    }
  }
  const startSweep = (sweepId: string): Promise<WorkflowHandle> =>
    client.workflow.start('sweep', {
      workflowId: sweepId,
      taskQueue: workflowTaskQueue,
      workflowTaskTimeout: workflowPatience,
      args: [{ sweepId, specification: 'a'.repeat(64) }],
    });
  const resultOf = async (handle: WorkflowHandle): Promise<SweepResult> => (await handle.result()) as SweepResult;
  return {
    ...{ client, address: server.address, workflowTaskQueue, bundlePath, withWorkers, startSweep, resultOf },
    runSweep: (sweepId, steps) => withWorkers(steps, async () => resultOf(await startSweep(sweepId))),
    close: async () => {
      await clientConnection.close();
      await connection.close();
      await server.stop();
      killProcessesOf(root);
      await rm(root, { recursive: true, force: true });
    },
  };
}
