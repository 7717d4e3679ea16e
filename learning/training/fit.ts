import { DomainError } from '../../domain/domain-error.js';
import { collapseOf, type Collapse } from '../../domain/training/collapse.js';
import { epochBatches } from '../../domain/training/epoch-order.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../domain/training/networks/initial-weights.js';
import { parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import {
  progressAfterEpoch,
  progressStart,
  stopReason,
  type HistoryRow,
  type PredictionRange,
  type StopReason,
} from '../../domain/training/training-progress.js';
import { adamStart } from './adam.js';
import { batchPreparation } from './batch-preparation.js';
import { decodeCheckpoint, encodeCheckpoint, type TrainingState } from './checkpoint.js';
import { refuseCollapse, refuseUnlessFinite, refuseUnlessFiniteWeights, withLastLoss } from './divergence.js';
import type { FitOptions, FitProgress, FitResult } from './fit-options.js';
import { chooseLoss } from '../losses/choose-loss.js';
import { trainer, type Trainer } from './trainer.js';
import type { CaseHandle, TrainingCase } from './training-case.js';

const millisecondsPerMinute = 60_000;

/** Lets timers, messages and signals run between steps, which block the event loop. */
const otherEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Trains one network until its policies stop it or `signal` aborts it.
 *
 * Resuming from a checkpoint gives the same bytes as an uninterrupted training: weights, moments, policies, history and
 * the position within the epoch are saved, and all randomness is indexed by (streamName, epoch, case). Runs on one
 * machine with one thread setting (TF_NUM_INTRAOP_THREADS) also give the same bytes.
 *
 * Throws CONFIG_INVALID (the crop does not fit the network), CHECKPOINT_CORRUPT, TRAINING_DIVERGED (a loss or weight
 * that is not finite; a collapse, if the settings say so), ARGUMENT_INVALID (no cases), and whatever `loadCase` and
 * `checkpoints` throw.
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  const { network, loss, cropShape, training } = options;
  if (options.trainingCases.length === 0 || options.validationCases.length === 0) {
    throw new DomainError('ARGUMENT_INVALID', 'a training needs at least one training and one validation case');
  }
  const saved = await options.checkpoints.load();
  const start = saved === undefined ? firstState(options) : decodeCheckpoint(saved, options.identity);
  if (saved !== undefined) {
    report(options, start, { kind: 'resumed' });
    options.onHistory?.(start.progress.history);
  }
  const model = trainer({
    network,
    inputShape: cropShape,
    loss: chooseLoss(loss, training),
    adam: training.adam,
    start: start.adam,
  });
  let lastLoss: number | undefined;
  const onProgress = (progress: FitProgress): void => {
    if (progress.kind === 'step') lastLoss = progress.loss;
    options.onProgress(progress);
  };
  try {
    return await trainToTheEnd({ ...options, onProgress }, { model, start });
  } catch (error) {
    throw withLastLoss(error, lastLoss);
  } finally {
    model.dispose();
  }
}

function firstState({ network, training, streamName }: FitOptions): TrainingState {
  return {
    progress: progressStart(training.learningRate),
    stepsIntoEpoch: 0,
    lossSum: 0,
    adam: adamStart(initialWeights(describeNetwork(network), streamName)),
    bestWeights: undefined,
  };
}

interface Run {
  readonly model: Trainer;
  readonly start: TrainingState;
}

type WithoutWeights = Omit<TrainingState, 'adam'>;

async function trainToTheEnd(options: FitOptions, { model, start }: Run): Promise<FitResult> {
  const { training, signal } = options;
  let state: WithoutWeights = start;
  let lastSave = options.now();

  async function save(): Promise<void> {
    const adam = model.state();
    refuseUnlessFiniteWeights(adam.weights, placeOf(state));
    await options.checkpoints.save(encodeCheckpoint({ ...state, adam }, options.identity));
    lastSave = options.now();
    report(options, state, { kind: 'checkpoint' });
  }
  async function saveWhenDue(): Promise<void> {
    if (options.now() - lastSave >= options.checkpointMinutes * millisecondsPerMinute) await save();
  }

  let reason = stopReason(state.progress, training);
  while (reason === undefined) {
    const batches = epochBatchesOf(options, state).slice(state.stepsIntoEpoch);
    const take = batchPreparation(options, presentEpoch(state), batches);
    for (const index of batches.keys()) {
      if (signal.aborted) break;
      state = step(options, model, state, await take(index));
      await saveWhenDue();
      await otherEvents();
    }
    const validation = await validate(options, model, state);
    if (validation === undefined) {
      await save();
      return { status: 'interrupted' };
    }
    state = endEpoch(options, model, state, validation);
    reason = stopReason(state.progress, training);
    if (reason === undefined) await saveWhenDue();
  }
  const collapse = training.onConstantPrediction === 'diverge' ? collapseAtTheEnd(state) : undefined;
  if (collapse !== undefined) {
    // Keeps the whole history and the best weights for diagnosis.
    await save();
    refuseCollapse(collapse, { epoch: state.progress.history.length, step: 0 });
  }
  return finish(options, state, reason);
}

function collapseAtTheEnd({ progress: { history, best } }: WithoutWeights): Collapse | undefined {
  return best === undefined ? undefined : collapseOf(history, best.epoch);
}

function inOrder(cases: readonly CaseHandle[]): readonly CaseHandle[] {
  return [...cases].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Epochs count from 1; the current one follows those in the history. */
const presentEpoch = ({ progress }: WithoutWeights): number => progress.history.length + 1;

const placeOf = (state: WithoutWeights): { epoch: number; step: number } => ({
  epoch: presentEpoch(state),
  step: state.stepsIntoEpoch,
});

function epochBatchesOf(options: FitOptions, state: WithoutWeights): readonly (readonly CaseHandle[])[] {
  const { streamName, training, trainingCases } = options;
  const { batchSize } = training;
  return epochBatches(inOrder(trainingCases), { streamName, epoch: presentEpoch(state), batchSize });
}

function report(
  options: FitOptions,
  state: WithoutWeights,
  what: Pick<FitProgress, 'kind' | 'loss' | 'validationLoss'>,
): void {
  const { trainingCases, training, onProgress } = options;
  onProgress({
    ...what,
    epoch: presentEpoch(state),
    maxEpochs: training.maxEpochs,
    step: state.stepsIntoEpoch,
    steps: Math.ceil(trainingCases.length / training.batchSize),
  });
}

async function load(options: FitOptions, state: WithoutWeights, handle: CaseHandle): Promise<TrainingCase> {
  const one = await options.loadCase(handle);
  report(options, state, { kind: 'caseLoaded' });
  return one;
}

function step(
  options: FitOptions,
  model: Trainer,
  state: WithoutWeights,
  cases: readonly TrainingCase[],
): WithoutWeights {
  for (let loaded = 0; loaded < cases.length; loaded++) report(options, state, { kind: 'caseLoaded' });
  const loss = model.step(cases, state.progress.plateau.learningRate);
  const stepsIntoEpoch = state.stepsIntoEpoch + 1;
  const after = { ...state, stepsIntoEpoch, lossSum: state.lossSum + loss * cases.length };
  refuseUnlessFinite(loss, 'training', placeOf(after));
  report(options, after, { kind: 'step', loss });
  return after;
}

type Validation = Required<Pick<HistoryRow, 'validationLoss' | 'predictionRange'>>;

/** Mean of the losses of the validation cases, not augmented; undefined if the signal was aborted. */
async function validate(options: FitOptions, model: Trainer, state: WithoutWeights): Promise<Validation | undefined> {
  let sum = 0;
  let predictionRange: PredictionRange = [1, 0];
  for (const handle of inOrder(options.validationCases)) {
    if (options.signal.aborted) return undefined;
    const { loss: validationLoss, predictionRange: own } = model.validate([await load(options, state, handle)]);
    refuseUnlessFinite(validationLoss, 'validation', placeOf(state));
    sum += validationLoss;
    predictionRange = [Math.min(predictionRange[0], own[0]), Math.max(predictionRange[1], own[1])];
    report(options, state, { kind: 'validation', validationLoss });
    await otherEvents();
  }
  return { validationLoss: sum / options.validationCases.length, predictionRange };
}

function endEpoch(options: FitOptions, model: Trainer, state: WithoutWeights, validation: Validation): WithoutWeights {
  const trainingLoss = state.lossSum / options.trainingCases.length;
  report(options, state, { kind: 'epoch', loss: trainingLoss, validationLoss: validation.validationLoss });
  const progress = progressAfterEpoch(state.progress, { trainingLoss, ...validation }, options.training);
  options.onHistory?.(progress.history);
  const isBest = progress.best?.epoch === progress.history.length;
  return { progress, stepsIntoEpoch: 0, lossSum: 0, bestWeights: isBest ? model.weights() : state.bestWeights };
}

function finish(options: FitOptions, state: WithoutWeights, stoppedBecause: StopReason): FitResult {
  const { progress, bestWeights } = state;
  if (bestWeights === undefined || progress.best === undefined)
    throw new RangeError('a training finished without completing an epoch');
  return {
    status: 'finished',
    weights: bestWeights,
    layout: parameterLayout(describeNetwork(options.network)),
    history: progress.history,
    bestEpoch: progress.best.epoch,
    stoppedBecause,
  };
}
