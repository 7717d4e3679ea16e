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
    refuse(
      'which is for processors, and trainings here run on GPUs',
      'use float32, or set CUDA_VISIBLE_DEVICES to nothing',
    );
  }
  if (allowed !== '' && !/^(default|all|avx512|avx10)/i.test(allowed)) {
    refuse(`which needs AVX-512, and ONEDNN_MAX_CPU_ISA=${allowed} forbids it`, 'unset the variable, or use float32');
  }
  if (!processorOf('', textOf(cpuinfo)).instructionSets.includes(needed)) {
    const ways = 'run it on a machine whose processor has it ("lscpu" lists it), or use float32';
    refuse(`for which this machine's processor lacks ${needed}`, ways);
  }
}

function refuse(reason: string, ways: string): never {
  throw new DomainError('CONFIG_INVALID', `the config says numerics.precision: bfloat16, ${reason}: ${ways}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
