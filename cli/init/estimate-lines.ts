import { planUnits, shardCount } from '../../domain/plan/units.js';
import { pipeline, specificationOf, stepNamed } from '../../steps/pipeline.js';
import type { SweepPlan } from '../../steps/planning/plan-sweep.js';
import type { CaseFiles } from '../../storage/datasets/case-files.js';
import { readHeaders } from '../../storage/datasets/findings/header-findings.js';
import type { ScannedCase } from '../../storage/datasets/scan-cases.js';
import { readSweepContentFor, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import { trainingSlots } from '../engine/embedded-worker.js';
import { costLines, expectedCost } from '../plan/expected-cost.js';
import { openProject } from '../project.js';

/** What a run of a config that has just been written will cost, as `volbias plan` says it, but without reading the images. */
export async function estimateLines(configPath: string, cases: readonly CaseFiles[]): Promise<string[]> {
  const content = await readSweepContentFor(configPath);
  const [dataSet] = content.config.dataSets;
  if (dataSet === undefined) return [];
  const { preparedVoxels } = await readHeaders(cases, { ...dataSet, ...content.config.network });
  const plan = unscannedPlan(content, dataSet.name, cases);
  const cost = await expectedCost(openProject({}), { content, plan }, new Map([[dataSet.name, preparedVoxels]]));
  if (cost === undefined) return [];
  const { training, numerics } = content.config;
  return costLines(cost, { maxEpochs: training.maxEpochs, slots: Number(await trainingSlots(numerics.threads)) });
}

/** The plan of a sweep of one data set of which nothing has been computed: its files have no digests, its units no keys. */
function unscannedPlan(content: SweepContent, dataSet: string, cases: readonly CaseFiles[]): SweepPlan {
  const dataSets = [{ name: dataSet, shards: shardCount(cases.length) }];
  const units = planUnits(pipeline, { ...specificationOf(content), dataSets });
  const scanned = cases.map(({ id, participant, label }): ScannedCase => {
    return { id, participant, images: [], label: { path: label, digest: '' } };
  });
  return {
    scans: new Map([[dataSet, { found: { cases: scanned }, digest: '' }]]),
    works: units.map(({ id, step }) => ({
      ...{ unit: id, step, version: stepNamed(step).version, parameters: {}, inputs: [] },
      ...{ key: null, digest: null, cached: false },
    })),
  };
}
