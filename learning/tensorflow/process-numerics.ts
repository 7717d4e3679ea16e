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

/** Call as `processNumerics(process.env)`. Contains no clock and no host name. */
export function processNumerics(environment: Readonly<Record<string, string | undefined>>): ProcessNumerics {
  return {
    ...tensorflowLibrary,
    settings: Object.fromEntries(settingNames.map((name) => [name, environment[name] ?? null])),
  };
}
