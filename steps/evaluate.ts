import { z } from 'zod';

import type { CaseMetrics } from '../domain/evaluate/evaluate-case.js';
import type { MeasuredCase } from '../domain/evaluate/evaluation-row.js';
import { measureCase } from '../domain/evaluate/measure-case.js';
import { pooledReliability, type Reliability } from '../domain/evaluate/segmentation/reliability.js';
import type { CaseScores } from '../domain/evaluate/segmentation/segmentation-metrics.js';
import { trainingPlace } from '../domain/plan/units.js';
import { pasteIntoGrid, predictedVoxels } from '../domain/preprocess/crop.js';
import { unpredictableVolume } from '../domain/preprocess/mask/structure-quality.js';
import { clearOutside } from '../domain/preprocess/roi.js';
import type { TrainingReliability } from '../domain/results/results-input.js';
import { collapseOf } from '../domain/training/collapse.js';
import { encodePrediction } from '../storage/cases/stored-predictions.js';
import { readOriginalStructure, readPreparedVoxels } from '../storage/cases/prepared-cases.js';
import { parsed } from '../storage/files/parsed.js';
import type { StoredBlob } from '../storage/store/artifact-store.js';
import { split } from './split.js';
import { statistics } from './statistics.js';
import { defineStep, Interrupted } from './step.js';
import { train, trainingFiles, trainingHistory } from './train.js';
import { networkCases } from './training/case-loader.js';
import { computeNumerics, cropShapeOf, networkOf, networkSettings, readUnitCases } from './training/unit-cases.js';

const place = {
  dataSet: z.string(),
  model: z.string(),
  loss: z.string(),
  fold: z.int(),
  /** Absent for the first. */
  repeat: z.int().exactOptional(),
};

/** The form of a case's metrics. */
export const caseMetrics = z.strictObject({
  crossEntropy: z.number(),
  softDiceScore: z.number(),
  dice: z.number(),
  unit: z.enum(['ml', 'hundredPixels']),
  truthVolume: z.number(),
  unpredictableVolume: z.number(),
  predictedVolume: z.number(),
  predictedVolumeThresholded: z.number(),
  volumeError: z.number(),
}) satisfies z.ZodType<CaseMetrics>;

const caseScores = z.strictObject({
  absoluteVolumeError: z.number(),
  relativeVolumeError: z.number().nullable(),
  jaccard: z.number(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  specificity: z.number().nullable(),
  hausdorff95Mm: z.number().nullable(),
  averageSurfaceDistanceMm: z.number().nullable(),
  normalisedSurfaceDice: z.number().nullable(),
  lesionF1: z.number(),
  lesionF1AtHalfIou: z.number(),
  expectedCalibrationError: z.number(),
  brierScore: z.number(),
}) satisfies z.ZodType<CaseScores>;

/** The form of what a predicted case has once. */
export const predictedCase = z.strictObject({
  ...place,
  caseId: z.string(),
  participant: z.string(),
  predictedVolumeOutside: z.number(),
  scores: caseScores,
});

const reliabilityBin = z.strictObject({
  bin: z.int(),
  voxels: z.int(),
  predicted: z.number(),
  truth: z.number(),
});

/** The form of the reliability of a network's probabilities, over all its held-out cases. */
export const trainingReliability: z.ZodType<TrainingReliability> = z.strictObject({
  ...place,
  probabilities: z.array(reliabilityBin),
  logOdds: z.array(reliabilityBin),
});

const measuredCase: z.ZodType<MeasuredCase> = predictedCase.extend({ native: caseMetrics, working: caseMetrics });

export const collapsedTraining = z.strictObject({ ...place, kept: z.boolean(), sinceEpoch: z.int() });

/** The metrics of each case, and which file holds the case's Ŷ. */
const summary = z.strictObject({
  cases: z.array(measuredCase),
  predictions: z.array(z.strictObject({ caseId: z.string(), file: z.string() })),
  reliability: trainingReliability,
  /** Absent where the training did not collapse. */
  collapse: collapsedTraining.exactOptional(),
});

/**
 * Predicts each held-out case on its whole prepared image (0 outside the crop and the mask) and measures it, there and on
 * the original grid.
 */
export const evaluate = defineStep({
  name: 'evaluate',
  version: 8,
  does: 'predicts the held-out fold and measures each case',
  needs: [statistics, split, train],
  fanOut: 'armFold',
  queue: 'training',
  startToCloseHours: 24,
  heartbeatSeconds: 300,
  ownProcess: true,
  // Its rows name the data set.
  settings: (source) => {
    const { clip, threshold, surfaceToleranceMm: toleranceMm } = source.config.evaluation;
    return { dataSet: source.dataSet.name, ...networkSettings(source), clip, threshold, toleranceMm };
  },
  numerics: computeNumerics,
  summary,
  run: async ({ settings, place: { model, loss, fold, repeat }, inputs, store, signal, onProgress, onCase }) => {
    const { dataSet, clip, threshold, toleranceMm } = settings;
    const of = { dataSet, model, loss, ...trainingPlace(fold, repeat) };
    const cases = await readUnitCases(inputs, fold);
    const network = networkOf(model, settings, cases);
    const trained = await inputs.one(train);
    const { decodeWeights } = await import('../learning/network/weights-file.js');
    const { predictor } = await import('../learning/network/predict.js');
    const { weights } = decodeWeights(await trained.file(trainingFiles.weights));

    const ready = predictor({ network, weights });
    const toCase = networkCases(cases, settings);
    const measured: MeasuredCase[] = [];
    const reliabilities: Reliability[] = [];
    const files: Record<string, StoredBlob> = {};
    const predictions: { caseId: string; file: string }[] = [];
    for (const [index, own] of cases.heldOut.entries()) {
      if (signal.aborted) throw new Interrupted();
      onCase?.(own.id);
      const voxels = await readPreparedVoxels(store, own.artifact);
      const { grid } = voxels;
      const prediction = ready.predict(toCase(own, voxels));
      const place = { cropShape: cropShapeOf(settings.crop), gridShape: grid.shape };
      const predicted = pasteIntoGrid(prediction, place);
      const predictable = predictedVoxels(prediction.shape, place);
      if (voxels.mask !== undefined) keepInside(predictable, voxels.mask);
      if (voxels.picture !== undefined) clearOutside(predictable, grid.shape[0], voxels.picture);
      const { reliability, ...metrics } = measureCase({
        ...{ dimensions: network.dimensions, clip, threshold, toleranceMm, predicted, predictable },
        unpredictableVolume: unpredictableVolume(own.quality),
        label: { grid, values: voxels.label },
        original: await readOriginalStructure(store, own.artifact),
      });
      reliabilities.push(reliability);
      measured.push({ ...of, caseId: own.id, participant: own.participant, ...metrics });
      const file = `probability-${String(index).padStart(4, '0')}.nii.gz`;
      files[file] = await store.putBlob(encodePrediction(grid, predicted));
      predictions.push({ caseId: own.id, file });
      onProgress({ phase: 'case', done: index + 1, total: cases.heldOut.length });
    }
    ready.dispose();
    const history = parsed(trainingHistory, await trained.file(trainingFiles.history), `history of ${trained.unit}`);
    const collapse = collapseOf(history, trained.summary.bestEpoch);
    return {
      files,
      summary: {
        cases: measured,
        predictions,
        reliability: { ...of, ...pooledReliability(reliabilities) },
        ...(collapse !== undefined && { collapse: { ...of, ...collapse } }),
      },
    };
  },
});

/** Sets the voxels outside the mask to 0. */
function keepInside(values: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < values.length; i++) if (mask[i] !== 1) values[i] = 0;
}
