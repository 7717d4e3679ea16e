import { DomainError } from '../../domain/domain-error.js';
import { isAvailable } from './own-kernels.js';
import { tensorflowLibrary } from './tensorflow.js';

/**
 * The part of the numeric environment that the computing process knows; storage/machine/runtime-record.ts has the
 * machine's part.
 */
export interface ProcessNumerics {
  /** The version that TensorFlow itself reports. */
  readonly tensorflow: string;
  readonly tfjs: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** TensorFlow settings that affect results, and the device, as given; null: TensorFlow's default. */
  readonly settings: Readonly<Record<string, string | null>>;
}

const settingNames = [
  'VOLBIAS_PRECISION',
  'TF_NUM_INTRAOP_THREADS',
  'TF_NUM_INTEROP_THREADS',
  'OMP_NUM_THREADS',
  'TF_ENABLE_ONEDNN_OPTS',
  'ONEDNN_MAX_CPU_ISA',
  'TF_DETERMINISTIC_OPS',
  'NVIDIA_TF32_OVERRIDE',
  'TF_FORCE_GPU_ALLOW_GROWTH',
  'CUDA_VISIBLE_DEVICES',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * CONFIG_INVALID if convolutions are to multiply in bfloat16 but our kernels do not run in this process: TensorFlow's would
 * compute in float32, and nothing would say so.
 */
export function expectPrecision({ VOLBIAS_PRECISION: precision }: Environment, ownKernelsRun = isAvailable): void {
  if (precision !== 'bfloat16' || ownKernelsRun) return;
  const message = 'numerics.precision: bfloat16 needs our own kernels, which do not run here (on a GPU, for instance)';
  throw new DomainError('CONFIG_INVALID', `${message}: use a processor with AVX512_BF16, or float32`);
}

/** Call as `processNumerics(process.env)`. Contains no clock and no host name. Throws as `expectPrecision`. */
export function processNumerics(environment: Environment): ProcessNumerics {
  expectPrecision(environment);
  return {
    ...tensorflowLibrary,
    settings: Object.fromEntries(settingNames.map((name) => [name, environment[name] ?? null])),
  };
}
