import { readFileSync } from 'node:fs';

import { DomainError } from '../../domain/domain-error.js';
import { processorOf } from './processor.js';

const needed = 'avx512_bf16';

/**
 * Throws CONFIG_INVALID if convolutions are to multiply in bfloat16 and this processor cannot, or on a GPU, for which our
 * kernels are not written.
 */
export function refuseUnlessPrecise(
  { precision }: { readonly precision: 'float32' | 'bfloat16' },
  device: string | undefined,
  { cpuinfo = '/proc/cpuinfo', allowed = process.env.ONEDNN_MAX_CPU_ISA ?? '' } = {},
): void {
  if (precision === 'float32') return;
  if (device !== undefined) {
    const reason =
      'the config says numerics.precision: bfloat16, which is for processors, and trainings here run on GPUs';
    throw new DomainError('CONFIG_INVALID', `${reason}: use float32, or set CUDA_VISIBLE_DEVICES to nothing`);
  }
  if (allowed !== '' && !/^(default|all|avx512|avx10)/i.test(allowed)) {
    const reason = `the config says numerics.precision: bfloat16, which needs AVX-512, and ONEDNN_MAX_CPU_ISA=${allowed} forbids it`;
    throw new DomainError('CONFIG_INVALID', `${reason}: unset the variable, or use float32`);
  }
  const { instructionSets } = processorOf('', textOf(cpuinfo));
  if (instructionSets.includes(needed)) return;
  const found = `the config says numerics.precision: bfloat16, for which this machine's processor lacks ${needed}`;
  const ways = 'run it on a machine whose processor has it ("lscpu" lists it), or use float32';
  throw new DomainError('CONFIG_INVALID', `${found}: ${ways}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
