/**
 * A worker process: polls the task queues and supervises the processes that compute. `volbias run` and `volbias worker`
 * start it and talk to it over an IPC channel: it reports progress, and stops when told to or when they are gone.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';

import { createActivities } from '../activities/create-activities.js';
import { taskQueuesOf } from '../contracts/task-queues.js';
import { workflowPatience } from '../contracts/workflow-patience.js';
import { release } from '../steps/pipeline.js';
import { engineConverter } from '../storage/engine/engine-converter.js';
import { graphicsDevices } from '../storage/machine/graphics-devices.js';
import { dataFolderIn, openStore } from '../storage/store/shared/open-store.js';
import { readNumericEnvironment, readRuntimeRecord } from '../storage/machine/runtime-record.js';
import { availableMemory } from '../storage/machine/available-memory.js';
import { MemoryPeaks } from '../storage/machine/memory-peaks.js';
import { ChildProcessRunner } from './child-process-runner.js';
import { watchForIdleness } from './slots/idleness.js';
import { MemoryAdmission } from './slots/memory-admission.js';
import { logLevelIn, workerSettings } from './settings.js';
import { measureMemory, observers, telemetryOf } from './watching/telemetry.js';
import { trainingTuner } from './slots/training-slots.js';
import { engineLogger, logUncaught, unitLog, workerLog } from './watching/worker-log.js';
import type { WorkerMessage } from './worker-messages.js';
import { workerMetrics } from './watching/worker-metrics.js';

// The log may lie on a full disk.
process.stderr.on('error', () => undefined);
// Standard output belongs to the process that started the worker.
const log = workerLog(logLevelIn(process.env), (line) => process.stderr.write(line));
logUncaught(log);

const runtime = await readRuntimeRecord();
const devices = await graphicsDevices(runtime.tensorflow.variant, process.env);
const settings = workerSettings(process.env, devices.length);
const { metricMeter } = Runtime.install({
  logger: engineLogger(log),
  shutdownSignals: ['SIGTERM'],
  // They name the host, and nothing here needs them.
  workerHeartbeatInterval: 0,
  telemetryOptions: telemetryOf(settings.metricsAddress),
});
const metrics = workerMetrics(metricMeter);
const folder = dataFolderIn(settings.dataFolder, process.env);
const { store, lineage } = openStore(folder, process.env);

/** Many, because waiting costs no more than a call to the server. */
const waitingSlots = 1000;

const tell = (message: WorkerMessage): void => {
  if (process.connected) process.send?.(message);
};

const tellRemark = (text: string): void => {
  tell({ type: 'remark', text });
};

const peaks = await MemoryPeaks.read(folder);
const admission = new MemoryAdmission({ memory: availableMemory, peaks, budget: settings.memoryBytes });

const compute = new ChildProcessRunner({
  folder,
  admission,
  libraryPath: runtime.tensorflow.libraryPath,
  devices: devices.map(({ id }) => id),
  onProgress: (progress, job, peakBytes) => {
    metrics.progress(job, progress, { now: performance.now(), peakBytes });
    tell({ type: 'progress', progress });
  },
  onRemark: tellRemark,
});

const { steps, engine } = createActivities({
  store,
  lineage,
  folder,
  compute,
  observer: observers(metrics, unitLog(log)),
  environment: await readNumericEnvironment(),
  onRemark: tellRemark,
});
const activities = { ...steps, ...engine };

const { connectionOptions, namespace } = loadClientConnectConfig();
const connection = await NativeConnection.connect(connectionOptions);
const shared = {
  connection,
  ...(namespace !== undefined && { namespace }),
  // By default it names the host.
  identity: `volbias-worker-${randomBytes(4).toString('hex')}`,
  dataConverter: await engineConverter(folder, process.env),
};

const queues = taskQueuesOf(release);

const taking = (taskQueue: string, most: number): WorkerOptions => {
  return { ...shared, taskQueue, activities, maxConcurrentActivityTaskExecutions: most };
};

// The SDK takes this time, which its types leave out.
const patient = { isolateExecutionTimeout: workflowPatience };

const ofData: WorkerOptions[] = [
  {
    ...shared,
    ...patient,
    taskQueue: queues.workflows,
    workflowBundle: { codePath: fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)) },
  },
  taking(queues.data, settings.dataSlots),
  taking(queues.waiting, waitingSlots),
];
const ofTraining: WorkerOptions[] = [
  { ...shared, taskQueue: queues.training, activities, tuner: trainingTuner(settings.trainingSlots, admission) },
];

const options = [
  ...(settings.role === 'training' ? [] : ofData),
  ...(settings.role === 'data' ? [] : ofTraining),
  // An activity learns that it is cancelled from the answer to a heartbeat: by default that may take a minute, in which a
  // paused training goes on.
].map((worker) => ({ ...worker, shutdownGraceTime: '0 seconds', maxHeartbeatThrottleInterval: '3 seconds' }));

const workers = await Promise.all(options.map((worker) => Worker.create(worker)));

const stop = (): void => {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
};
process.on('SIGINT', () => undefined);
// Batch systems warn all processes of a job with it before its time is up. Without a handler, Node opens its debugger.
process.on('SIGUSR1', stop);
process.on('disconnect', stop);
process.on('message', (message) => {
  if (message === 'stop') stop();
});

const stopWatching = watchForIdleness(
  () => workers.some((worker) => worker.getStatus().numInFlightActivities > 0),
  settings.idleSeconds,
  () => {
    tell({ type: 'idle' });
    stop();
  },
);

const stopMeasuring = measureMemory(settings, metrics);

tell({ type: 'ready' });
log.info({ release, role: settings.role }, 'ready');
try {
  await Promise.all(workers.map((worker) => worker.run()));
} finally {
  stopWatching();
  stopMeasuring();
  compute.end();
  await peaks.written();
  await connection.close();
  log.info('ended');
  if (process.connected) process.disconnect();
}
