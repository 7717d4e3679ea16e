import { sha256 } from '@noble/hashes/sha2';
import { DomainError } from '../../domain/domain-error.js';
import type { TrainingProgress } from '../../domain/training/training-progress.js';
import type { AdamState } from './adam.js';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '../../domain/formats/safetensors.js';

/** Everything needed to resume a training as if it had never stopped. */
export interface TrainingState {
  readonly progress: TrainingProgress;
  /** Batches completed in the epoch after those in the history. */
  readonly stepsIntoEpoch: number;
  /** Sum of the losses of the cases in those batches. */
  readonly lossSum: number;
  readonly adam: AdamState;
  /** The weights of the best epoch so far; undefined before the first. */
  readonly bestWeights: Float32Array | undefined;
}

const format = 'volbias-checkpoint-1';
const digestBytes = 32;

interface Header {
  readonly progress: TrainingProgress;
  readonly stepsIntoEpoch: number;
  readonly lossSum: number;
  readonly adamSteps: number;
}

/**
 * Serialises the state: a safetensors file (arrays `weights`, `firstMoments`, `secondMoments`, `bestWeights`; the rest
 * as JSON in its metadata), followed by the file's SHA-256. `identity` names the training, so that the checkpoint of
 * another training is rejected. Numbers are preserved exactly: JSON round-trips doubles bit by bit.
 */
export function encodeCheckpoint(state: TrainingState, identity: string): Uint8Array {
  const { adam, bestWeights } = state;
  const vector = (name: string, values: Float32Array): NamedArray => ({ name, shape: [values.length], values });
  const header: Header = {
    progress: state.progress,
    stepsIntoEpoch: state.stepsIntoEpoch,
    lossSum: state.lossSum,
    adamSteps: adam.steps,
  };
  const file = encodeSafetensors({
    arrays: [
      vector('weights', adam.weights),
      vector('firstMoments', adam.firstMoments),
      vector('secondMoments', adam.secondMoments),
      ...(bestWeights === undefined ? [] : [vector('bestWeights', bestWeights)]),
    ],
    metadata: { format, identity, state: JSON.stringify(header) },
  });
  const bytes = new Uint8Array(file.length + digestBytes);
  bytes.set(file);
  bytes.set(sha256(file), file.length);
  return bytes;
}

function refuse(reason: string): never {
  throw new DomainError('CHECKPOINT_CORRUPT', `the checkpoint ${reason}`);
}

/**
 * Reads a checkpoint. Throws CHECKPOINT_CORRUPT if the digest does not match, or the file has another format or belongs
 * to another training.
 */
export function decodeCheckpoint(bytes: Uint8Array, identity: string): TrainingState {
  const file = bytes.subarray(0, Math.max(0, bytes.length - digestBytes));
  const digest = bytes.subarray(file.length);
  const expected = sha256(file);
  if (digest.length !== digestBytes || expected.some((byte, index) => byte !== digest[index])) {
    refuse('is corrupt: its bytes do not match its SHA-256');
  }
  const { arrays, metadata } = decodeSafetensors(file);
  if (metadata['format'] !== format) refuse(`has format "${String(metadata['format'])}" instead of "${format}"`);
  if (metadata['identity'] !== identity) refuse('belongs to another training: network, settings or cases differ');
  const values = (name: string): Float32Array =>
    arrays.find((array) => array.name === name)?.values ?? refuse(`has no array "${name}"`);
  // The digest proves that encodeCheckpoint wrote these bytes.
  const header = JSON.parse(metadata['state'] ?? refuse('has no state')) as Header;
  const { progress, stepsIntoEpoch, lossSum, adamSteps } = header;
  return {
    progress,
    stepsIntoEpoch,
    lossSum,
    adam: {
      steps: adamSteps,
      weights: values('weights'),
      firstMoments: values('firstMoments'),
      secondMoments: values('secondMoments'),
    },
    bestWeights: progress.best === undefined ? undefined : values('bestWeights'),
  };
}
