import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';

import { refuseUnlessPrecise } from '../../../storage/machine/precision.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('bfloat16 is refused on a processor without its instructions, float32 on none', async (t) => {
  const folder = await temporaryFolder(t);
  const [able, unable] = [join(folder, 'able'), join(folder, 'unable')];
  await writeFile(able, 'flags\t\t: fpu avx512f avx512_bf16\n');
  await writeFile(unable, 'flags\t\t: fpu avx512f avx2\n');
  const missing = join(folder, 'missing');
  refuseUnlessPrecise({ precision: 'bfloat16' }, undefined, { cpuinfo: able, allowed: '' });
  for (const path of [able, unable, missing]) refuseUnlessPrecise({ precision: 'float32' }, 'GPU-1', { cpuinfo: path });
  for (const path of [unable, missing]) {
    assert.throws(() => {
      refuseUnlessPrecise({ precision: 'bfloat16' }, undefined, { cpuinfo: path, allowed: '' });
    }, /numerics\.precision: bfloat16, .* lacks avx512_bf16: run it on a machine .*, or use float32/);
  }
  assert.throws(() => {
    refuseUnlessPrecise({ precision: 'bfloat16' }, 'GPU-1', { cpuinfo: able });
  }, /is for processors, and trainings here run on GPUs: use float32/);
  refuseUnlessPrecise({ precision: 'bfloat16' }, undefined, { cpuinfo: able, allowed: 'avx512_core_bf16' });
  assert.throws(() => {
    refuseUnlessPrecise({ precision: 'bfloat16' }, undefined, { cpuinfo: able, allowed: 'AVX2' });
  }, /needs AVX-512, and ONEDNN_MAX_CPU_ISA=AVX2 forbids it: unset the variable, or use float32/);
});
