import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { innerValidation } from '../../domain/split/inner-validation.js';
import { predictsConstant } from '../../domain/training/collapse.js';
import type { HistoryRow } from '../../domain/training/training-progress.js';
import { fit } from '../../learning/training/fit.js';
import type { FitProgress } from '../../learning/training/fit-options.js';
import { encodeWeights } from '../../learning/network/weights-file.js';
import type { ArtifactContent } from '../../storage/store/artifact-store.js';
import { checkpointFiles } from '../../storage/store/checkpoint-files.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { readUnitCases, splitCases, type UnitCases } from '../../storage/cases/unit-cases.js';
import { augmentPool } from '../augment-pool.js';
import { caseLoader } from './case-loader.js';
import { Interrupted, type JobContext } from './job-context.js';
import { armOf } from './network-of.js';

/** Trains one arm on one fold; begun before, it goes on from its checkpoint. */
export async function trainJob(context: JobContext): Promise<ArtifactContent> {
  const { request, store, folder, signal, onProgress } = context;
  const cases = await readUnitCases(store, request);
  const { config } = cases.content;
  const { network, loss } = armOf(request.coordinates, cases);
  const checkpointFolder = join(folder.checkpoints, request.key);
  const pool =
    config.training.augmentation === 'none' ? undefined : augmentPool(augmentingThreads(config.numerics.threads));
  const result = await fit({
    network,
    loss,
    cropShape: cases.cropShape,
    training: config.training,
    streamName: [config.seed, cases.dataSet.name, cases.fold],
    ...trainingAndValidation(cases),
    loadCase: caseLoader(store, cases),
    ...(pool !== undefined && { augment: pool.augment }),
    checkpoints: checkpointFiles(checkpointFolder),
    onProgress: (progress) => {
      onProgress(toJobProgress(progress));
    },
    signal,
    now: () => performance.now(),
  })
    .catch((error: unknown) => {
      throw withCheckpointNamed(error, checkpointFolder);
    })
    .finally(() => pool?.close());
  if (result.status === 'interrupted') throw new Interrupted();
  const { weights, history, bestEpoch, stoppedBecause } = result;
  await rm(checkpointFolder, { recursive: true, force: true });
  return {
    files: {
      'weights.safetensors': encodeWeights({ network, weights }),
      'history.json': Buffer.from(canonicalJson(history)),
    },
    summary: { bestEpoch, epochs: history.length, stoppedBecause, ...constantPrediction(history[bestEpoch - 1]) },
  };
}

/** A training that diverged leaves its last good checkpoint for whoever wants to know where it went wrong. */
function withCheckpointNamed(error: unknown, folder: string): unknown {
  if (!(error instanceof DomainError) || error.code !== 'TRAINING_DIVERGED' || !existsSync(folder)) return error;
  return new DomainError(error.code, `${error.message}; its last good checkpoint is in ${folder}`, error.details);
}

/** The cores that TensorFlow leaves; one in any case, for it seldom needs all of its own at every moment. */
function augmentingThreads(ofTensorFlow: number): number {
  return Math.min(4, Math.max(1, availableParallelism() - ofTensorFlow));
}

function trainingAndValidation(cases: UnitCases): Pick<Parameters<typeof fit>[0], 'trainingCases' | 'validationCases'> {
  const { training, heldOut, content, dataSet, fold } = cases;
  if (content.config.training.validation === 'heldOut') return { trainingCases: training, validationCases: heldOut };
  const { seed, split } = content.config;
  const inner = innerValidation(splitCases(training), { seed, stratify: split.stratify, name: dataSet.name, fold });
  const chosen = (ids: readonly string[]): { id: string }[] => ids.map((id) => ({ id }));
  return { trainingCases: chosen(inner.training), validationCases: chosen(inner.validation) };
}

/** A best network that predicts the same everywhere is noted: docs/decisions/0008-constant-predictions.md says why. */
function constantPrediction(best: HistoryRow | undefined): object {
  return best !== undefined && predictsConstant(best) ? { constantPrediction: best.predictionRange } : {};
}

/** The epoch that the training is in, with the loss of the last step. */
function toJobProgress({ epoch, maxEpochs, loss }: FitProgress): Parameters<JobContext['onProgress']>[0] {
  return { phase: 'epoch', done: epoch, total: maxEpochs, ...(loss !== undefined && { loss }) };
}
