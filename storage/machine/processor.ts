import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** The CPU, as far as numbers depend on it. */
export interface Processor {
  readonly model: string;
  /** Those of its vector instruction sets by which oneDNN, which computes convolutions, chooses its kernels. */
  readonly instructionSets: readonly string[];
}

/** Flags as Linux names them: x86-64, then 64-bit Arm. */
const decidingFlags = [
  ...['sse4_1', 'avx', 'avx2', 'avx_vnni', 'avx512f', 'avx512bw', 'avx512dq', 'avx512vl'],
  ...['avx512_vnni', 'avx512_bf16', 'avx512_fp16', 'amx_tile', 'amx_bf16', 'amx_int8', 'fma'],
  ...['asimd', 'bf16', 'sve', 'sve2'],
];

/** From the text of Linux's /proc/cpuinfo, and what Node calls the CPU; without the text no instruction set is known. */
export function processorOf(model: string, cpuinfo = ''): Processor {
  const flags = new Set((/^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? '').trim().split(/\s+/));
  return { model: model.trim(), instructionSets: decidingFlags.filter((flag) => flags.has(flag)) };
}

/** The CPU of this machine. */
export async function readProcessor(): Promise<Processor> {
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => undefined);
  return processorOf(cpus()[0]?.model ?? 'unknown', cpuinfo);
}
