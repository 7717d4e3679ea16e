/**
 * The environment of a process that computes: the given one without the engine's credentials, and with what fixes
 * TensorFlow's numerics. `libraryPath`: folders in which the dynamic linker finds the GPU's libraries.
 */
export function computeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  { threads, libraryPath }: { readonly threads: number; readonly libraryPath: readonly string[] },
): Record<string, string | undefined> {
  const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('TEMPORAL_')));
  const libraries = [...libraryPath, ...(kept.LD_LIBRARY_PATH === undefined ? [] : [kept.LD_LIBRARY_PATH])].join(':');
  return {
    ...kept,
    ...(libraries !== '' && { LD_LIBRARY_PATH: libraries }),
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    TF_DETERMINISTIC_OPS: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
}
