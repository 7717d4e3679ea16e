import type { ReportInput } from '../../../domain/report/report-input.js';
import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import type { PreparedDataSet } from '../../../domain/results/results-input.js';
import { syntheticGalleryOf } from './synthetic-gallery.js';
import {
  losses,
  models,
  syntheticReportInput,
  syntheticResultsInput,
  syntheticRows,
  syntheticTheory,
} from './synthetic-report-input.js';
import { syntheticTraining } from './synthetic-trainings.js';

/** The training that has no results. */
const missing = { dataSet: 'phantom-3d-high', model: 'unet', loss: 'sd', fold: 3, repeat: 0 };

/** The steps that a machine can have computed. */
const stepsOnce = ['compare', 'evaluate', 'join', 'preprocess', 'scan', 'split', 'statistics', 'train'];

/** Of each data set: enough to be tested. */
const casesOfEach = 20;
const names = ['phantom-2d-low', 'phantom-3d-high'];

function isMissing(row: ReportedRow): boolean {
  return row.dataSet === missing.dataSet && row.model === missing.model && row.loss === missing.loss && row.fold === 3;
}

/**
 * The input of a report with every section, figure, table and warning. The text stands wherever a user's own text can: in ids of
 * cases and participants, names of modalities and files, and reasons of failures.
 */
export function completeReportInput(text = ''): ReportInput {
  const rows = syntheticRows()
    .filter((row) => names.includes(row.dataSet) && !isMissing(row) && Number(row.caseId.slice(-3)) <= casesOfEach)
    .map((row) => ({ ...row, caseId: row.caseId + text, participant: row.participant + text }));
  const { dataSets: all, ...rest } = syntheticResultsInput(rows, {
    theory: syntheticTheory
      .filter((one) => names.includes(one.dataSet))
      .map((one) => ({ ...one, caseId: one.caseId + text })),
    gaps: [{ ...missing, reason: `out of memory ${text}\nand of disk` }],
    thresholdsMl: [14, 20],
    collapses: [{ ...{ dataSet: 'phantom-2d-low', model: 'lr', loss: 'sd', fold: 0 }, kept: true, sinceEpoch: 2 }],
  });
  const dataSets = all.filter(({ name }) => names.includes(name));
  const results = { ...rest, dataSets: dataSets.map((dataSet, index) => withRemarks(dataSet, index, text)) };
  const base = syntheticReportInput(results);
  const [model, ...others] = base.config.dataSets;
  const ofUser = model && { ...model, modalities: [`T1${text}`] };
  return {
    ...base,
    title: `${base.title}${text}`,
    config: { ...base.config, dataSets: ofUser === undefined ? others : [ofUser, ...others] },
    machines: [
      ...base.machines,
      {
        made: stepsOnce.map((step, index) => ({ step, units: 4 * (index + 1) })),
        facts: [
          { name: 'CPU', value: `eight cores ${text}` },
          { name: 'instructionSets', value: 'sse4_1 avx avx2 fma avx512f' },
          { name: 'libraryDigest', value: '451db4e8dfc88991'.repeat(4) },
          { name: 'TF_NUM_INTRAOP_THREADS', value: '2' },
        ],
      },
    ],
    trainings: dataSets.flatMap(({ name }) =>
      models.flatMap((one) =>
        losses.map((loss) => syntheticTraining([1, 0.6, 0.4, 0.5], { dataSet: name, model: one, loss })),
      ),
    ),
    gallery: dataSets.map(({ name, unit }) => ({
      ...syntheticGalleryOf(name, rows, unit === 'ml' ? 3 : 2),
      modality: `T1${text}`,
    })),
    lock: {
      ...{ digest: 'a'.repeat(64), lockedAt: '2026-01-02T03:04:05Z', unlocked: ['phantom-3d-low'] },
      primaryOutcome: { measure: 'volumeError', grid: 'native', difference: ['sd', 'ce'] },
      deviations: [{ name: 'settings.dataSets.phantom-2d-low.path', before: `/data/${text}`, now: '/data' }],
    },
    rerunCommand: `volbias rerun ${base.sweepId} --failed`,
    remedies: [`Free memory ${text}, then run again.`],
  };
}

function withRemarks(dataSet: PreparedDataSet, index: number, text: string): PreparedDataSet {
  const quality = dataSet.quality.map((row, position) => ({
    ...{ ...row, caseId: row.caseId + text },
    ...(position === 0 && {
      ...{ nonFiniteVoxels: 3, shearDegrees: 0.5, aligned: [{ modality: `T2${text}`, outsideVoxels: 7 }] },
      unpredictable: { ...row.unpredictable, crop: 0.1 },
    }),
    ...(position === 1 && { volumeAfter: 0, structureVoxels: 0 }),
  }));
  return {
    ...{ ...dataSet, quality },
    ...(index === 0 && { paperDataSet: 'MOLARS' as const }),
    ...(index === 1 && {
      excluded: [{ caseId: `faulty${text}`, reason: `/data/${text}/image.png: truncated` }],
      warnings: [{ warning: `its spacing is 60×60×60 mm (${text})`, cases: [`large${text}`] }],
    }),
  };
}
