/** The properties of the CPU that affect numbers. */
export interface Processor {
  readonly model: string;
  /** The CPU's vector instruction sets that oneDNN, which computes convolutions, considers when it selects kernels. */
  readonly instructionSets: readonly string[];
}

/** Names of the flags in Linux: x86-64, then 64-bit Arm. */
const decidingFlags = [
  ...['sse4_1', 'avx', 'avx2', 'avx_vnni', 'avx512f', 'avx512bw', 'avx512dq', 'avx512vl'],
  ...['avx512_vnni', 'avx512_bf16', 'avx512_fp16', 'amx_tile', 'amx_bf16', 'amx_int8', 'fma'],
  ...['asimd', 'bf16', 'sve', 'sve2'],
];

/** From Node's name of the CPU and the text of /proc/cpuinfo; without this text no instruction set is known. */
export function processorOf(model: string, cpuinfo = ''): Processor {
  const flags = new Set((/^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? '').trim().split(/\s+/));
  return { model: model.trim(), instructionSets: decidingFlags.filter((flag) => flags.has(flag)) };
}
