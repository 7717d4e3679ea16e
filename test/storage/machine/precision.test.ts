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
  refuseUnlessPrecise({ precision: 'bfloat16' }, undefined, able);
  for (const path of [able, unable, missing]) refuseUnlessPrecise({ precision: 'float32' }, 'GPU-1', path);
  for (const path of [unable, missing]) {
    assert.throws(() => {
      refuseUnlessPrecise({ precision: 'bfloat16' }, undefined, path);
    }, /CONFIG_INVALID|numerics\.precision: bfloat16, .* lacks avx512_bf16: run it on a machine .*, or use float32/);
  }
  assert.throws(() => {
    refuseUnlessPrecise({ precision: 'bfloat16' }, 'GPU-1', able);
  }, /is for processors, and trainings here run on GPUs: use float32/);
});
