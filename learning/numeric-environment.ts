import { tensorflowLibrary } from './tensorflow.js';

/** All that numbers depend on besides config, data and code. */
export interface NumericEnvironment {
  readonly tensorflow: string;
  readonly tfjs: string;
  readonly gpu: boolean;
  readonly platform: string;
  readonly architecture: string;
  /** Those of TensorFlow's settings that change results, as given; null: TensorFlow's own default. */
  readonly settings: Readonly<Record<string, string | null>>;
}

const settingNames = [
  'TF_NUM_INTRAOP_THREADS',
  'TF_NUM_INTEROP_THREADS',
  'TF_ENABLE_ONEDNN_OPTS',
  'ONEDNN_MAX_CPU_ISA',
  'TF_DETERMINISTIC_OPS',
  'NVIDIA_TF32_OVERRIDE',
] as const;

/** The environment of this process: call it as `numericEnvironment(process)`. No clock and no host name are in it. */
export function numericEnvironment(host: {
  readonly platform: string;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): NumericEnvironment {
  return {
    ...tensorflowLibrary,
    platform: host.platform,
    architecture: host.arch,
    settings: Object.fromEntries(settingNames.map((name) => [name, host.env[name] ?? null])),
  };
}
