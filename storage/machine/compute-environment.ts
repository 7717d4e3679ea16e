/** What a config's `numerics` say of how TensorFlow computes. */
export interface ComputeNumerics {
  /** Threads of TensorFlow on the CPU. */
  readonly threads: number;
  /** GPU only: matrix products and convolutions may round their factors to TF32. */
  readonly tf32: boolean;
  /** Only kernels that give the same bits every time. */
  readonly deterministic: boolean;
}

export interface ComputeEnvironmentOptions {
  /** Undefined where the process does not compute with TensorFlow. */
  readonly numerics: ComputeNumerics | undefined;
  /** Folders in which the dynamic linker finds the GPU's libraries. */
  readonly libraryPath: readonly string[];
  /** The one GPU that the process sees; without, those that the given environment lets it see. */
  readonly device?: string | undefined;
}

/**
 * The environment of a process that computes: the given one without the engine's credentials, and with what fixes
 * TensorFlow's numerics and device. All of it is set whether there is a GPU or not, so nothing else has to ask.
 */
export function computeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  { numerics, libraryPath, device }: ComputeEnvironmentOptions,
): Record<string, string | undefined> {
  const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('TEMPORAL_')));
  const libraries = [...libraryPath, ...(kept.LD_LIBRARY_PATH === undefined ? [] : [kept.LD_LIBRARY_PATH])].join(':');
  return {
    ...kept,
    ...(libraries !== '' && { LD_LIBRARY_PATH: libraries }),
    ...(numerics !== undefined && ofTensorFlow(numerics)),
    ...(device !== undefined && { CUDA_VISIBLE_DEVICES: device }),
  };
}

function ofTensorFlow({ threads, tf32, deterministic }: ComputeNumerics): Record<string, string | undefined> {
  return {
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    TF_DETERMINISTIC_OPS: deterministic ? '1' : '0',
    // 0 forbids TF32 in NVIDIA's libraries; every other value is reserved, and TensorFlow's own default is to use it.
    NVIDIA_TF32_OVERRIDE: tf32 ? undefined : '0',
    // Memory as it is needed, not the whole GPU's at once.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
}
