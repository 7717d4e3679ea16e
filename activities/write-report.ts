import type { EvaluationRow } from '../domain/evaluate/evaluation-row.js';
import type { VolumeUnit } from '../domain/evaluate/voxel-size.js';
import { phantomRegions } from '../domain/phantom/phantom-regions.js';
import { canonicalJson } from '../domain/plan/key.js';
import { unitId } from '../domain/plan/units.js';
import { csvField } from '../domain/report/csv-field.js';
import { qualityCsv } from '../domain/report/quality-csv.js';
import { renderReport } from '../domain/report/render-report.js';
import type { Gap, ReportDataSet, ReportInput, TheoryPrediction } from '../domain/report/report-input.js';
import { aggregate } from '../domain/report/table1.js';
import { table1Csv } from '../domain/report/table1-csv.js';
import { table1Markdown } from '../domain/report/table1-markdown.js';
import { table1Text } from '../domain/report/table1-text.js';
import { predictedBias } from '../domain/theory/prediction/predicted-bias.js';
import { readFailure } from '../storage/sweeps/failure-records.js';
import { readInputs } from '../storage/sweeps/step-inputs.js';
import type { SweepContent } from '../storage/sweeps/sweep-records.js';
import type { StatisticsSummary } from '../storage/cases/unit-cases.js';
import type { AggregateSummary } from './aggregate-rows.js';
import type { StepOutput, StepWork } from './activity-context.js';
import type { CompareSummary } from './compare-arms.js';

type Config = SweepContent['config'];
type DataSetConfig = Config['dataSets'][number];

/** Writes Table 1 and the report from whatever the sweep has; what is missing is marked. */
export async function writeReport(work: StepWork): Promise<StepOutput> {
  const { context, request, content } = work;
  const { config } = content;
  const aggregates = await readInputs(context.store, request, 'aggregate');
  const rows = aggregates.flatMap(({ summary }) => (summary as AggregateSummary).rows);
  const collapses = aggregates.flatMap(({ summary }) => (summary as AggregateSummary).collapses ?? []);
  const compared = await readInputs(context.store, request, 'compare');
  const comparisons = compared.flatMap(({ summary }) => (summary as CompareSummary).comparisons);
  const gaps = await readGaps(work, rows);
  const dataSets = await describeDataSets(work);
  const input: ReportInput = {
    title: `${config.name}: does the loss bias the volume?`,
    sweepId: request.sweepId,
    dataSets,
    models: config.arms.models,
    losses: config.arms.losses,
    folds: folds(config),
    rows,
    comparisons,
    theory: config.dataSets.flatMap((dataSet) => theoryOf(dataSet, config)),
    gaps,
    collapses,
    config,
    environment: Object.entries(context.environment).map(([name, value]) => ({
      name,
      value,
    })),
    digests: [
      { name: 'specification', digest: request.specification },
      ...request.inputs.map(({ unit, ref }) => ({ name: unit, digest: ref.digest })),
    ],
    ...(gaps.length > 0 && { rerunCommand: `volbias rerun ${request.sweepId} --failed` }),
  };
  return { files: renderFiles(input, config), summary: { rows: rows.length, gaps: gaps.length } };
}

function folds({ split }: Config): number[] {
  return Array.from({ length: split.folds }, (_, fold) => fold);
}

function renderFiles(input: ReportInput, { statistics }: Config): Record<string, Uint8Array> {
  const table = aggregate(input.rows, input);
  const { comparisons, theory, collapses = [] } = input;
  const marked = { table, comparisons, significance: statistics.significance, collapses };
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

async function readGaps({ context, request, content }: StepWork, rows: readonly EvaluationRow[]): Promise<Gap[]> {
  const present = new Set(
    rows.map(({ dataSet, model, loss, fold }) => unitId('evaluate', { dataSet, model, loss, fold })),
  );
  const { dataSets, arms } = content.config;
  const gaps: Gap[] = [];
  for (const { name } of dataSets) {
    for (const model of arms.models) {
      for (const loss of arms.losses) {
        for (const fold of folds(content.config)) {
          const place = { dataSet: name, model, loss, fold };
          if (present.has(unitId('evaluate', place))) continue;
          gaps.push({ ...place, reason: await reasonOf(context.folder, request.sweepId, place) });
        }
      }
    }
  }
  return gaps;
}

async function reasonOf(
  folder: StepWork['context']['folder'],
  sweepId: string,
  place: { dataSet: string; model: string; loss: string; fold: number },
): Promise<string> {
  const { dataSet } = place;
  const suspects = [
    unitId('evaluate', place),
    unitId('train', place),
    unitId('split', { dataSet }),
    unitId('statistics', { dataSet }),
    unitId('scan', { dataSet }),
  ];
  for (const unit of suspects) {
    const failure = await readFailure(folder, sweepId, unit);
    if (failure !== undefined) return `${unit} failed: ${failure.message}`;
  }
  return 'the data set could not be prepared';
}

async function describeDataSets({ context, request, content }: StepWork): Promise<ReportDataSet[]> {
  const statistics = await readInputs(context.store, request, 'statistics');
  const byUnit = new Map(statistics.map(({ unit, summary }) => [unit, summary as StatisticsSummary]));
  return content.config.dataSets.map((dataSet) => {
    const {
      cases,
      excluded = [],
      warnings = [],
    }: StatisticsSummary = byUnit.get(unitId('statistics', { dataSet: dataSet.name })) ?? { cases: [] };
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
