import { refuseUnlessPrecise } from './precision.js';

/** The part of a config's `numerics` that determines how TensorFlow computes. */
export interface ComputeNumerics {
  /** TensorFlow's threads on the CPU. */
  readonly threads: number;
  /** Of the factors of convolutions. */
  readonly precision: 'float32' | 'bfloat16';
  /** GPU only: matrix products and convolutions may round their inputs to TF32. */
  readonly tf32: boolean;
  /** Use only kernels that always give the same bits. */
  readonly deterministic: boolean;
}

export interface ComputeEnvironmentOptions {
  /** Undefined if the process does not use TensorFlow. */
  readonly numerics: ComputeNumerics | undefined;
  /** Folders where the dynamic linker finds the GPU's libraries. */
  readonly libraryPath: readonly string[];
  /** The one GPU that the process sees; if undefined, the given environment decides. */
  readonly device?: string | undefined;
}

/**
 * The environment of a computing process: the given one without the engine's credentials, plus the variables that fix
 * TensorFlow's numerics and device. They are set whether or not there is a GPU, so no other code has to check. Throws
 * CONFIG_INVALID if this processor or device lacks the precision.
 */
export function computeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  { numerics, libraryPath, device }: ComputeEnvironmentOptions,
): Record<string, string | undefined> {
  if (numerics !== undefined) refuseUnlessPrecise(numerics, device);
  const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !isOfEngine(name)));
  const libraries = [...libraryPath, ...(kept.LD_LIBRARY_PATH === undefined ? [] : [kept.LD_LIBRARY_PATH])].join(':');
  return {
    ...kept,
    ...(libraries !== '' && { LD_LIBRARY_PATH: libraries }),
    ...(numerics !== undefined && ofTensorFlow(numerics)),
    ...(device !== undefined && { CUDA_VISIBLE_DEVICES: device }),
  };
}

const isOfEngine = (name: string): boolean => name.startsWith('TEMPORAL_') || name === 'VOLBIAS_ENGINE_KEY';

function ofTensorFlow({
  threads,
  precision,
  tf32,
  deterministic,
}: ComputeNumerics): Record<string, string | undefined> {
  return {
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    // TensorFlow itself uses oneDNN only on processors with AVX-512 VNNI; on others, gradients would take four times as long.
    TF_ENABLE_ONEDNN_OPTS: '1',
    VOLBIAS_PRECISION: precision,
    TF_DETERMINISTIC_OPS: deterministic ? '1' : '0',
    // 0 disables TF32 in NVIDIA's libraries; all other values are reserved. TensorFlow uses TF32 by default.
    NVIDIA_TF32_OVERRIDE: tf32 ? undefined : '0',
    // Allocates GPU memory as needed instead of all at once.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
}
