import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { StructureLeft } from '../domain/augment/structure-left.js';
import { DomainError } from '../domain/domain-error.js';
import { canonicalJson } from '../domain/plan/key.js';
import { trainingPlace, unitId } from '../domain/plan/units.js';
import { innerValidation } from '../domain/split/inner-validation.js';
import { predictsConstant } from '../domain/training/collapse.js';
import { lossNamed } from '../domain/training/losses/loss-choice.js';
import { trainingStreamName } from '../domain/training/stream-name.js';
import type { HistoryRow } from '../domain/training/training-progress.js';
import type { FitOptions, FitProgress, FitResult } from '../learning/training/fit-options.js';
import { Superseded } from '../storage/store/checkpoint-files.js';
import { checkpointsOf } from '../storage/store/shared/checkpoints-of.js';
import { split, splitCases } from './split.js';
import { statistics } from './statistics.js';
import { curveCsv } from '../domain/training/curve-csv.js';
import { showCurve } from '../storage/store/learning-curve.js';
import { defineStep, Interrupted, type Sources, type Surroundings } from './step.js';
import { augmentPool } from './training/augment-pool.js';
import { caseLoader } from './training/case-loader.js';
import {
  computeNumerics,
  cropShapeOf,
  networkOf,
  networkSettings,
  readUnitCases,
  type UnitCases,
} from './training/unit-cases.js';

/** A training's files: the weights of its best epoch, and a row for each epoch. */
export const trainingFiles = { weights: 'weights.safetensors', history: 'history.json' } as const;

const range = z.tuple([z.number(), z.number()]);

export const trainingHistory: z.ZodType<readonly HistoryRow[]> = z.array(
  z.strictObject({
    epoch: z.int(),
    trainingLoss: z.number(),
    validationLoss: z.number(),
    predictionRange: range.exactOptional(),
    learningRate: z.number(),
  }),
);

const summary = z.strictObject({
  bestEpoch: z.int(),
  epochs: z.int(),
  stoppedBecause: z.enum(['maxEpochs', 'noImprovement']),
  /** The range of its predictions, where the best network predicts the same everywhere. */
  constantPrediction: range.exactOptional(),
});

const name = 'train';

/** Trains one arm on one fold; begun before, it goes on from its checkpoint. */
export const train = defineStep({
  name,
  version: 5,
  does: 'trains one arm (model × loss) on one fold',
  needs: [statistics, split],
  fanOut: 'armFold',
  queue: 'training',
  startToCloseHours: 24 * 30,
  heartbeatSeconds: 300,
  ownProcess: true,
  settings: trainingSettings,
  numerics: computeNumerics,
  summary,
  run: async ({ settings, place: { model, loss, fold, repeat }, key, inputs, ...surroundings }) => {
    const { store, signal, onProgress, lineage } = surroundings;
    const { seed, dataSet } = settings;
    const unit = unitId(name, { dataSet, model, loss, ...trainingPlace(fold, repeat) });
    let recorded: Promise<void> | undefined;
    const cases = await readUnitCases(inputs, fold);
    const network = networkOf(model, settings, cases);
    const checkpoints = checkpointsOf(surroundings.folder, key, surroundings.onRemark);
    const { fit } = await import('../learning/training/fit.js');
    const { encodeWeights } = await import('../learning/network/weights-file.js');
    const pool = settings.augmentation === 'none' ? undefined : augmentPool(augmentingThreads(settings.threads));
    const left = new StructureLeft();
    const curve = showCurve(surroundings.folder, key);
    const training = (): Promise<FitResult> =>
      fit({
        ...{ network, loss: lossNamed(loss), cropShape: cropShapeOf(settings.crop), training: settings, identity: key },
        streamName: trainingStreamName({ seed, dataSet, fold, repeat }),
        ...trainingAndValidation(cases, settings, fold),
        loadCase: caseLoader(store, cases, settings),
        ...(pool !== undefined && { augment: pool.augment }),
        onAugmented: (epoch, before, after) => {
          if (epoch === 1) left.add(before, after);
        },
        checkpoints,
        checkpointMinutes: surroundings.checkpointMinutes,
        onProgress: (progress) => {
          if (progress.kind === 'resumed') {
            recorded = lineage.append('resumption', { unit, key, epoch: progress.epoch, batches: progress.step });
            recorded.catch(() => undefined); // awaited below
          }
          onProgress(toJobProgress(progress));
          // The other folds would say the same.
          const warning = fold === 0 && progress.kind === 'epoch' && progress.epoch === 1 ? left.warning() : undefined;
          if (warning !== undefined) surroundings.onRemark?.(`warning: ${warning}`);
        },
        onHistory: (history) => {
          curve.show(() => curveCsv(history));
        },
        signal,
        now: () => performance.now(),
      });
    const result = await training()
      .catch(async (error: unknown) => {
        if (!(error instanceof DomainError) || error.code !== 'CHECKPOINT_CORRUPT') throw error;
        const kept = join(surroundings.folder.quarantine, `checkpoints-${key.slice(0, 16)}`);
        await checkpoints.putAside(kept);
        surroundings.onRemark?.(`begins anew: ${error.message}; its checkpoints are now in ${kept}`);
        return training();
      })
      .catch(async (error: unknown) => {
        throw (await checkpoints.exist())
          ? withCheckpointNamed(error, join(surroundings.folder.checkpoints, key))
          : error;
      })
      .catch(interruptedIfSuperseded)
      .finally(() => {
        curve.end();
        return pool?.close();
      });
    await recorded;
    if (result.status === 'interrupted') throw new Interrupted();
    const { weights, history, bestEpoch, stoppedBecause } = result;
    return {
      files: {
        [trainingFiles.weights]: encodeWeights({ network, weights }),
        [trainingFiles.history]: Buffer.from(canonicalJson(history)),
      },
      summary: { bestEpoch, epochs: history.length, stoppedBecause, ...constantPrediction(history[bestEpoch - 1]) },
    };
  },
  afterwards: ({ key, folder }) => checkpointsOf(folder, key).remove(),
});

/** The work goes on in the later attempt: for this one it is as if it had been told to stop. */
function interruptedIfSuperseded(error: unknown): never {
  throw error instanceof Superseded ? new Interrupted() : error;
}

/** Of the arm alone: what other arms are trained with does not bear on this one. */
export function trainingSettings(source: Sources['armFold']) {
  const { config, dataSet, arm } = source;
  const { batchSize, maxEpochs, adam, plateau, stop, minDelta, validation, augmentation } = config.training;
  const { learningRate, softDice, onConstantPrediction } = config.training;
  return {
    ...{ seed: config.seed, dataSet: dataSet.name, ...networkSettings(source) },
    ...{ batchSize, maxEpochs, adam, plateau, stop, minDelta, validation, augmentation },
    learningRate: learningRate[arm.model],
    // Inner validation cases are drawn as the folds are.
    ...(validation === 'inner' && { stratify: config.split.stratify }),
    ...(arm.loss === 'sd' && { softDice }),
    ...(onConstantPrediction === 'diverge' && { onConstantPrediction }),
  };
}

function trainingAndValidation(
  cases: UnitCases,
  { seed, stratify, dataSet }: ReturnType<typeof trainingSettings>,
  fold: number,
): Pick<FitOptions, 'trainingCases' | 'validationCases'> {
  const { training, heldOut } = cases;
  if (stratify === undefined) return { trainingCases: training, validationCases: heldOut };
  const inner = innerValidation(splitCases(training), { seed, stratify, name: dataSet, fold });
  const chosen = (ids: readonly string[]): { id: string }[] => ids.map((id) => ({ id }));
  return { trainingCases: chosen(inner.training), validationCases: chosen(inner.validation) };
}

/** A training that diverged leaves its last good checkpoint for whoever wants to know where it went wrong. */
function withCheckpointNamed(error: unknown, folder: string): unknown {
  if (!(error instanceof DomainError) || error.code !== 'TRAINING_DIVERGED') return error;
  return new DomainError(error.code, `${error.message}; its last good checkpoint is in ${folder}`, error.details);
}

/** The cores that TensorFlow leaves; one in any case, for it seldom needs all of its own at every moment. */
export function augmentingThreads(ofTensorFlow: number): number {
  return Math.min(4, Math.max(1, availableParallelism() - ofTensorFlow));
}

/** A best network that predicts the same everywhere is noted: docs/decisions/0008-constant-predictions.md says why. */
function constantPrediction(best: HistoryRow | undefined): { constantPrediction?: [number, number] } {
  if (best?.predictionRange === undefined || !predictsConstant(best)) return {};
  return { constantPrediction: [...best.predictionRange] };
}

/** The epoch that the training is in, with the loss of the last step and, once it is over, that of the validation cases. */
function toJobProgress(progress: FitProgress): Parameters<Surroundings['onProgress']>[0] {
  const { kind, epoch, maxEpochs, loss, validationLoss } = progress;
  const ofEpoch = kind === 'epoch' && validationLoss !== undefined && { validationLoss };
  return { phase: 'epoch', done: epoch, total: maxEpochs, ...(loss !== undefined && { loss }), ...ofEpoch };
}
