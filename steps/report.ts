import { z } from 'zod';

import type { Config, DataSetConfig } from '../configs/config-schema.js';
import type { UnitGap } from '../contracts/sweep.js';
import type { EvaluationRow } from '../domain/evaluate/evaluation-row.js';
import type { VolumeUnit } from '../domain/evaluate/voxel-size.js';
import { checkLock } from '../domain/lock/lock-check.js';
import { phantomTheory } from '../domain/phantom/phantom-theory.js';
import { mayRerun, remediesFor } from '../domain/plan/failure-advice.js';
import { digestOfJson } from '../domain/plan/key.js';
import { planUnits, shardCount, trainingPlace, unitId } from '../domain/plan/units.js';
import { paperDataSetOf } from '../domain/results/paper/paper-data-set.js';
import { resultsOf } from '../domain/results/results-of.js';
import type { Gap, PreparedDataSet, TheoryPrediction } from '../domain/results/results-input.js';
import { lossName } from '../domain/training/losses/loss-choice.js';
import { lastImprovement } from '../domain/training/improvement.js';
import { outputShape } from '../domain/training/networks/node-shapes.js';
import { preprocessSettings } from '../storage/datasets/read-case.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import { readRecordedWork, worksBehind } from '../storage/store/work-records.js';
import { idOfSweep } from '../storage/sweeps/sweep-records.js';
import { compare } from './compare.js';
import { evaluate } from './evaluate.js';
import { join } from './join.js';
import { machinesOf } from './provenance/machines.js';
import { frozenSweep } from './provenance/frozen-sweep.js';
import { originsOf } from './provenance/report-origins.js';
import { preprocess } from './preprocess.js';
import { scan } from './scan.js';
import { statistics } from './statistics.js';
import { defineStep, type SummaryOf } from './step.js';
import type { StepInput } from './step-inputs.js';
import { cropShapeOf } from './training/unit-cases.js';
import { split } from './split.js';
import { train } from './train.js';
import { placeOf } from './unit-sources.js';

const version = 8;

/** Writes Table 1 and the report from whatever the sweep has; what is missing is marked. */
export const report = defineStep({
  name: 'report',
  version,
  does: 'writes Table 1 and the report',
  needs: [scan, preprocess, statistics, split, train, evaluate, join, compare],
  fanOut: 'sweep',
  queue: 'data',
  toleratesGaps: true,
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  // It prints the whole config.
  settings: (content) => ({
    config: content.config,
    sweepId: idOfSweep(content),
    specification: digestOfJson(content),
    ...(content.environment !== null && { environment: content.environment }),
    ...(content.lock !== undefined && { lock: content.lock }),
  }),
  summary: z.strictObject({ rows: z.int(), gaps: z.int() }),
  run: async ({ settings: { config, sweepId, specification, lock }, inputs, gaps: own, store, lineage }) => {
    // Every verb that knows the pipeline would load what only a report needs.
    const { reportFiles } = await import('../domain/report/report-files.js');
    const { galleryOf } = await import('./report-gallery.js');
    const { curvesOf } = await import('./report-curves.js');
    const joined = await inputs.all(join);
    const compared = await inputs.all(compare);
    const scanned = await inputs.all(scan);
    const prepared = await inputs.all(preprocess);
    const described = await inputs.all(statistics);
    const drawn = await inputs.all(split);
    const evaluated = await inputs.all(evaluate);
    const curves = await curvesOf(await inputs.all(train));
    const rows = joined.flatMap(({ summary }) => summary.rows);
    const behind = [...joined.flatMap(({ summary }) => summary.gaps), ...own];
    const gaps = await explainedGaps({ config, rows, behind, store });
    const { decides, correction, significance, equivalenceMargin } = config.statistics;
    const works = worksBehind(await readRecordedWork(lineage), [...described, ...drawn, ...joined, ...compared]);
    const versions = { ...Object.fromEntries(works.map((work) => [work.step, work.version])), report: version };
    const dataSets = config.dataSets.map(({ name }) => name);
    const results = resultsOf({
      dataSets: describeDataSets(config, { scanned, prepared, described }),
      models: config.arms.models,
      losses: config.arms.losses.map(lossName),
      folds: Array.from({ length: config.split.folds }, (_, fold) => fold),
      repeats: config.training.repeats ?? 1,
      rows,
      reliabilities: joined.flatMap(({ summary }) => summary.reliabilities),
      grid: config.evaluation.grid,
      comparisons: compared.flatMap(({ summary }) => summary.comparisons),
      rules: { decides, correction, significance },
      equivalenceMargin,
      theory: config.dataSets.flatMap((dataSet) => theoryOf(dataSet, config)),
      gaps,
      thresholdsMl: config.evaluation.thresholdsMl ?? [],
      collapses: joined.flatMap(({ summary }) => summary.collapses ?? []),
      endings: curves.map(({ dataSet, model, loss, history, bestEpoch, stoppedBecause }) => ({
        ...{ dataSet, model, loss },
        isUnfinished: stoppedBecause === 'maxEpochs' && bestEpoch === history.length,
        lastImprovement: stoppedBecause === 'maxEpochs' ? lastImprovement(history) : 0,
      })),
    });
    const files = reportFiles({
      title: `${config.name}: does the loss bias the volume?`,
      sweepId,
      results,
      config,
      machines: machinesOf(works),
      origins: await originsOf(store, works, {
        ...{ specification, dataSets, scanned, joined },
        others: [...described, ...drawn, ...compared],
      }),
      trainings: curves,
      gallery: await galleryOf({ config, rows, described, evaluated, store }),
      ...(lock !== undefined && { lock: checkLock(lock, frozenSweep(config, { scanned, drawn }, versions)) }),
      remedies: remediesFor(behind.map(({ cause }) => cause)),
      ...(behind.some(({ cause }) => mayRerun(cause)) && { rerunCommand: `volbias rerun ${sweepId} --failed` }),
    });
    return {
      files: {
        ...Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
        ...(await drawnFigures(files)),
      },
      summary: { rows: rows.length, gaps: gaps.length },
    };
  },
});

/** A PNG for each SVG. */
async function drawnFigures(files: Readonly<Record<string, string>>): Promise<Record<string, Uint8Array>> {
  const { drawPng } = await import('../storage/images/encode-png.js');
  const drawn: Record<string, Uint8Array> = {};
  for (const [name, text] of Object.entries(files)) {
    if (name.endsWith('.svg')) drawn[name.replace(/svg$/, 'png')] = await drawPng(text);
  }
  return drawn;
}

/** Every training without rows, with the message of the failure behind it. */
async function explainedGaps({
  config: { dataSets, arms, split, training },
  rows,
  behind,
  store,
}: {
  readonly config: Config;
  readonly rows: readonly EvaluationRow[];
  readonly behind: readonly UnitGap[];
  readonly store: ArtifactStore;
}): Promise<Gap[]> {
  const present = new Set(
    rows.map(({ dataSet, model, loss, fold, repeat = 0 }) =>
      unitId(evaluate.name, { dataSet, model, loss, ...trainingPlace(fold, repeat) }),
    ),
  );
  const counts = { folds: split.folds, repeats: training.repeats ?? 1 };
  const losses = arms.losses.map(lossName);
  const shape = { models: arms.models, losses, ...counts, dataSets: dataSets.map(({ name }) => ({ name, shards: 0 })) };
  const missing = planUnits([evaluate], shape).filter(({ id }) => !present.has(id));
  return Promise.all(
    missing.map(async ({ id, coordinates }) => ({
      dataSet: coordinates.dataSet ?? '',
      ...placeOf.armFold(coordinates),
      reason: await failureBehind(
        behind.find(({ unit }) => unit === id),
        store,
      ),
    })),
  );
}

async function failureBehind(gap: UnitGap | undefined, store: ArtifactStore): Promise<string> {
  if (gap === undefined) return 'the data set could not be prepared';
  const { unit, kind, message, reason } = gap.cause;
  const words = reason === undefined ? `${kind}: ${message}` : Buffer.from(await store.readBlob(reason)).toString();
  return `${unit} failed: ${words}`;
}

function describeDataSets(
  { dataSets }: Config,
  found: {
    readonly scanned: readonly StepInput<SummaryOf<typeof scan>>[];
    readonly prepared: readonly StepInput<SummaryOf<typeof preprocess>>[];
    readonly described: readonly StepInput<SummaryOf<typeof statistics>>[];
  },
): PreparedDataSet[] {
  return dataSets.map((dataSet) => {
    const { name } = dataSet;
    const { cases = [] } =
      found.described.find(({ unit }) => unit === unitId(statistics.name, { dataSet: name }))?.summary ?? {};
    const scanOfOwn = found.scanned.find(({ unit }) => unit === unitId(scan.name, { dataSet: name }))?.summary;
    const shards = Array.from({ length: shardCount(scanOfOwn?.cases.length ?? 0) }, (_, shard) =>
      unitId(preprocess.name, { dataSet: name, shard }),
    );
    const paperDataSet = paperDataSetOf(dataSet, cases);
    const ofShards = found.prepared.filter(({ unit }) => shards.includes(unit)).map(({ summary }) => summary);
    return {
      name,
      unit: unitOf(dataSet),
      cases: cases.length,
      participants: new Set(cases.map(({ participant }) => participant)).size,
      quality: cases.map(({ id, quality }) => ({
        caseId: id,
        volumeBefore: quality.volumeBefore,
        volumeAfter: quality.volumeAfter,
        structureVoxels: quality.structureVoxelsAfter,
        unpredictable: quality.unpredictable,
        nonFiniteVoxels: quality.nonFiniteVoxels ?? 0,
        intensities: quality.intensities,
        ...(quality.aligned !== undefined && { aligned: quality.aligned }),
        ...(quality.shearDegrees !== undefined && { shearDegrees: quality.shearDegrees }),
      })),
      excluded: [...(scanOfOwn?.excluded ?? []), ...ofShards.flatMap(({ excluded = [] }) => excluded)]
        .map(({ id, reason }) => ({ caseId: id, reason }))
        .sort((a, b) => (a.caseId < b.caseId ? -1 : 1)),
      ...(paperDataSet !== undefined && { paperDataSet }),
      warnings: [...(scanOfOwn?.warnings ?? []), ...ofShards.flatMap(({ warnings = [] }) => warnings)],
    };
  });
}

function unitOf({ preprocessing }: DataSetConfig): VolumeUnit {
  return preprocessing.crop.length === 2 ? 'hundredPixels' : 'ml';
}

/**
 * What a perfect learner would predict for each case of a phantom, whose uncertainty is known. Nothing where a mask also
 * decides what networks predict, or where the voxels are declared to have another size than they were drawn with.
 */
function theoryOf(dataSet: DataSetConfig, { seed, arms, network, evaluation, training }: Config): TheoryPrediction[] {
  const { phantom, preprocessing, name, modalities, overrideSpacingMm } = dataSet;
  const [model] = arms.models; // any: their outputs have the same shape
  if (phantom === undefined || preprocessing.mask !== 'none' || overrideSpacingMm !== undefined) return [];
  if (model === undefined) return [];
  const settings = preprocessSettings({ ...dataSet, upsampling: network.upsampling });
  const cropShape = cropShapeOf(preprocessing.crop);
  const { dimensions } = settings;
  const choice = { model, dimensions, channels: modalities.length, upsampling: network.upsampling };
  return phantomTheory({
    ...{ phantom, seed, name, cropShape, losses: arms.losses, training, grid: evaluation.grid },
    preprocessing: settings,
    outputShape: outputShape(choice, cropShape),
  }).map((prediction) => ({ dataSet: name, ...prediction }));
}
