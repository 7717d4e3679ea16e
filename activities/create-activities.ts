import { Context, heartbeat } from '@temporalio/activity';

import type { Activities, StepRequest, StepResult } from '../contracts/activities.js';
import { declarationOf, type StepName } from '../contracts/pipeline.js';
import { unitId } from '../domain/plan/units.js';
import { forgetFailure } from '../storage/sweeps/failure-records.js';
import { parametersOf, readSweepContent, readSweepRecord, specificationOf } from '../storage/sweeps/sweep-records.js';
import type { ActivityContext, StepOutput, StepWork } from './activity-context.js';
import { aggregateRows } from './aggregate-rows.js';
import { compareArms } from './compare-arms.js';
import { gatherStatistics } from './gather-statistics.js';
import { refuseOtherEnvironment } from './refuse-other-environment.js';
import { scanDataSet } from './scan-data-set.js';
import { splitFolds } from './split-folds.js';
import { toApplicationFailure } from './to-application-failure.js';
import { writeReport } from './write-report.js';

const implementations: Record<StepName, (work: StepWork) => Promise<StepOutput>> = {
  scan: scanDataSet,
  preprocess: inChild('preprocess'),
  statistics: gatherStatistics,
  split: splitFolds,
  train: inChild('train'),
  evaluate: inChild('evaluate'),
  aggregate: aggregateRows,
  compare: compareArms,
  report: writeReport,
};

/** Steps that compute for long run in a process of their own, which the activity only watches over. */
function inChild(kind: 'preprocess' | 'train' | 'evaluate') {
  return async ({ context, content, unit, request, onProgress, signal }: StepWork): Promise<StepOutput> => {
    if (kind !== 'preprocess') refuseOtherEnvironment(content.environment, context.environment);
    return context.compute.run({ kind, unit, request }, { onProgress, signal });
  };
}

/** The activities of every step over one store; nothing here knows when they run. */
export function createActivities(context: ActivityContext): Activities {
  const step =
    (name: StepName) =>
    (request: StepRequest): Promise<StepResult> =>
      runStep(context, name, request);
  return {
    scan: step('scan'),
    preprocess: step('preprocess'),
    statistics: step('statistics'),
    split: step('split'),
    train: step('train'),
    evaluate: step('evaluate'),
    aggregate: step('aggregate'),
    compare: step('compare'),
    report: step('report'),
    findArtifacts: (keys) =>
      Promise.all(keys.map(async (key) => (key === '' ? null : ((await context.store.find(key)) ?? null)))),
    readSpecification: async (digest) => specificationOf(await readSweepContent(context.store, digest)),
  };
}

async function runStep(context: ActivityContext, name: StepName, request: StepRequest): Promise<StepResult> {
  const unit = unitId(name, request.coordinates);
  const declaration = declarationOf(name);
  try {
    if (!declaration.always) {
      const found = await context.store.find(request.key);
      if (found !== undefined) return { ref: found, cached: true };
    }
    const content = await readSweepContent(context.store, request.specification);
    const record = await readSweepRecord(context.folder, request.sweepId);
    const parameters = parametersOf(content, name, request.coordinates);
    const signal = Context.current().cancellationSignal;
    const onProgress = (progress: unknown): void => {
      heartbeat(progress);
    };
    const { caseCount, resources, process, ...made } = await implementations[name]({
      context,
      request,
      unit,
      content,
      record,
      parameters,
      signal,
      onProgress,
    });
    const before = declaration.always ? await context.store.find(request.key) : undefined;
    const inputs = request.inputs.map(({ unit: from, ref }) => ({ unit: from, digest: ref.digest }));
    const { version } = declaration;
    const environment = { ...context.environment, ...(process !== undefined && { process }) };
    const work = { step: name, key: request.key, unit, version, parameters, inputs, environment };
    const ref = await context.store.put(resources === undefined ? work : { ...work, resources }, made);
    await forgetFailure(context.folder, request.sweepId, unit);
    return { ref, cached: before?.digest === ref.digest, ...(caseCount !== undefined && { caseCount }) };
  } catch (error) {
    const runId = Context.current().info.workflowExecution?.runId ?? '';
    const failed = { sweepId: request.sweepId, unit, runId, attempts: declaration.attempts };
    throw await toApplicationFailure(context.folder, failed, error);
  }
}
