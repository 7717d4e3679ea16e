import { tensorflowLibrary } from './tensorflow.js';

/** What a process that computes knows of its own numerics; the machine's part is in storage/machine/runtime-record.ts. */
export interface ProcessNumerics {
  /** The version that TensorFlow itself reports. */
  readonly tensorflow: string;
  readonly tfjs: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** Those of TensorFlow's settings that change results, and the device, as given; null: TensorFlow's own default. */
  readonly settings: Readonly<Record<string, string | null>>;
}

const settingNames = [
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

/** Of this process: call it as `processNumerics(process.env)`. No clock and no host name are in it. */
export function processNumerics(environment: Readonly<Record<string, string | undefined>>): ProcessNumerics {
  return {
    ...tensorflowLibrary,
    settings: Object.fromEntries(settingNames.map((name) => [name, environment[name] ?? null])),
  };
}
