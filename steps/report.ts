import { z } from 'zod';

import type { Config, DataSetConfig } from '../configs/config-schema.js';
import type { UnitGap } from '../contracts/sweep.js';
import type { EvaluationRow } from '../domain/evaluate/evaluation-row.js';
import type { VolumeUnit } from '../domain/evaluate/voxel-size.js';
import { phantomRegions } from '../domain/phantom/phantom-regions.js';
import { canonicalJson, digestOfJson } from '../domain/plan/key.js';
import { unitId } from '../domain/plan/units.js';
import { csvField } from '../domain/report/csv-field.js';
import { qualityCsv } from '../domain/report/quality-csv.js';
import { renderReport } from '../domain/report/render-report.js';
import type { Gap, ReportDataSet, ReportInput, TheoryPrediction } from '../domain/report/report-input.js';
import { aggregate } from '../domain/report/table1.js';
import { table1Csv } from '../domain/report/table1-csv.js';
import { table1Markdown } from '../domain/report/table1-markdown.js';
import { table1Text } from '../domain/report/table1-text.js';
import { predictedBias } from '../domain/theory/predicted-bias.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import { readRecordedWork, worksBehind } from '../storage/store/work-records.js';
import { idOfSweep } from '../storage/sweeps/sweep-records.js';
import { compare } from './compare.js';
import { evaluate } from './evaluate.js';
import { join } from './join.js';
import { machinesOf } from './machines.js';
import { statistics } from './statistics.js';
import { defineStep } from './step.js';
import type { StepInputs } from './step-inputs.js';

/** Writes Table 1 and the report from whatever the sweep has; what is missing is marked. */
export const report = defineStep({
  name: 'report',
  version: 1,
  does: 'writes Table 1 and the report',
  needs: [statistics, join, compare],
  fanOut: 'sweep',
  queue: 'data',
  toleratesGaps: true,
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  // It prints them all.
  settings: (content) => ({
    config: content.config,
    sweepId: idOfSweep(content),
    specification: digestOfJson(content),
    ...(content.environment !== null && { environment: content.environment }),
  }),
  summary: z.strictObject({ rows: z.int(), gaps: z.int() }),
  run: async ({ settings: { config, sweepId, specification }, inputs, gaps: own, store, lineage }) => {
    const joined = await inputs.all(join);
    const compared = await inputs.all(compare);
    const described = await inputs.all(statistics);
    const rows = joined.flatMap(({ summary }) => summary.rows);
    const behind = [...joined.flatMap(({ summary }) => summary.gaps), ...own];
    const gaps = await gapsOf({ config, rows, behind, store });
    const used = [...described, ...joined, ...compared];
    const input: ReportInput = {
      title: `${config.name}: does the loss bias the volume?`,
      sweepId,
      dataSets: await describeDataSets(config, inputs),
      models: config.arms.models,
      losses: config.arms.losses,
      folds: foldsOf(config),
      rows,
      comparisons: compared.flatMap(({ summary }) => summary.comparisons),
      theory: config.dataSets.flatMap((dataSet) => theoryOf(dataSet, config)),
      gaps,
      collapses: joined.flatMap(({ summary }) => summary.collapses ?? []),
      config,
      machines: machinesOf(worksBehind(await readRecordedWork(lineage), used)),
      digests: [
        { name: 'specification', digest: specification },
        ...used.map(({ unit, digest }) => ({ name: unit, digest })),
      ],
      ...(gaps.length > 0 && { rerunCommand: `volbias rerun ${sweepId} --failed` }),
    };
    return { files: renderFiles(input, config), summary: { rows: rows.length, gaps: gaps.length } };
  },
});

function foldsOf({ split }: Config): number[] {
  return Array.from({ length: split.folds }, (_, fold) => fold);
}

function renderFiles(input: ReportInput, { statistics: { significance } }: Config): Record<string, Uint8Array> {
  const table = aggregate(input.rows, input);
  const { comparisons, theory, collapses = [] } = input;
  const marked = { table, comparisons, significance, collapses };
  const collapsed = collapses.length > 0 && { collapses };
  const files = {
    'report.html': renderReport(input),
    'table1.txt': table1Text(marked),
    'table1.csv': table1Csv(marked),
    'table1.md': table1Markdown(marked),
    'table1.json': `${canonicalJson({ table, comparisons, theory, ...collapsed })}\n`,
    'cases.csv': casesCsv(input.rows),
    'quality.csv': qualityCsv(input.dataSets),
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
}

/** Every row of every case, for people's own analyses. */
function casesCsv(rows: readonly EvaluationRow[]): string {
  const columns = [
    'dataSet',
    'model',
    'loss',
    'fold',
    'caseId',
    'participant',
    'crossEntropy',
    'softDiceScore',
    'dice',
    'truthVolume',
    'predictedVolume',
    'predictedVolumeThresholded',
    'volumeError',
    'unit',
  ] as const;
  return [columns.join(','), ...rows.map((row) => columns.map((column) => csvField(row[column])).join(',')), ''].join(
    '\n',
  );
}

/** Every arm and fold without rows, with the words of the failure behind it. */
async function gapsOf({
  config: { dataSets, arms, ...config },
  rows,
  behind,
  store,
}: {
  readonly config: Config;
  readonly rows: readonly EvaluationRow[];
  readonly behind: readonly UnitGap[];
  readonly store: ArtifactStore;
}): Promise<Gap[]> {
  const unitOfRow = (place: Omit<Gap, 'reason'>): string => unitId(evaluate.name, place);
  const present = new Set(rows.map(({ dataSet, model, loss, fold }) => unitOfRow({ dataSet, model, loss, fold })));
  const gaps: Gap[] = [];
  for (const { name } of dataSets) {
    for (const model of arms.models) {
      for (const loss of arms.losses) {
        for (const fold of foldsOf({ dataSets, arms, ...config })) {
          const place = { dataSet: name, model, loss, fold };
          if (present.has(unitOfRow(place))) continue;
          gaps.push({
            ...place,
            reason: await reasonOf(
              behind.find(({ unit }) => unit === unitOfRow(place)),
              store,
            ),
          });
        }
      }
    }
  }
  return gaps;
}

async function reasonOf(gap: UnitGap | undefined, store: ArtifactStore): Promise<string> {
  if (gap === undefined) return 'the data set could not be prepared';
  const { unit, kind, message, reason } = gap.cause;
  const words = reason === undefined ? `${kind}: ${message}` : Buffer.from(await store.readBlob(reason)).toString();
  return `${unit} failed: ${words}`;
}

async function describeDataSets({ dataSets }: Config, inputs: StepInputs): Promise<ReportDataSet[]> {
  const byUnit = new Map((await inputs.all(statistics)).map(({ unit, summary }) => [unit, summary]));
  return dataSets.map((dataSet) => {
    const found = byUnit.get(unitId(statistics.name, { dataSet: dataSet.name }));
    const { cases = [], excluded = [], warnings = [] } = found ?? {};
    return {
      name: dataSet.name,
      unit: unitOf(dataSet),
      cases: cases.length,
      participants: new Set(cases.map(({ participant }) => participant)).size,
      quality: cases.map(({ id, quality }) => ({
        caseId: id,
        volumeBefore: quality.volumeBefore,
        volumeAfter: quality.volumeAfter,
        structureVoxels: quality.structureVoxelsAfter,
        croppedAwayVoxels: quality.croppedAwayStructureVoxels,
        nonFiniteVoxels: quality.nonFiniteVoxels ?? 0,
        intensities: quality.intensities,
      })),
      excluded: excluded.map(({ id, reason }) => ({ caseId: id, reason })),
      warnings,
    };
  });
}

function unitOf({ preprocessing }: DataSetConfig): VolumeUnit {
  return preprocessing.crop.length === 2 ? 'hundredPixels' : 'ml';
}

/** The bias that a perfect learner would have on a phantom, whose uncertainty is known. */
function theoryOf(dataSet: DataSetConfig, { arms }: Config): TheoryPrediction[] {
  if (dataSet.phantom === undefined) return [];
  const downsample = dataSet.preprocessing.roi?.downsample ?? 1;
  const regions = phantomRegions(dataSet.phantom, { downsample });
  return arms.losses.map((loss) => ({
    dataSet: dataSet.name,
    loss,
    predictedBias: predictedBias({ loss, ...regions }).volumeBias,
    unit: unitOf(dataSet),
  }));
}
