import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { finalKeys } from '../../support/sweeps/plan-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const config = (resampling: string): string => `name: named
seed: 1
dataSets:
  - name: a
    kind: nnunet
    path: a
    modalities: [T1]
    preprocessing: &same
      ${resampling}
      crop: [27, 27, 27]
  - { name: b, kind: nnunet, path: b, modalities: [T1], preprocessing: *same }
arms: { models: [lr], losses: [ce] }
`;

describe('resampling: itk in a config', () => {
  it('is centred, with the same keys, and a warning with the line, once', async (test) => {
    const folder = await temporaryFolder(test);
    const read = async (resampling: string) => {
      const path = join(folder, 'named.yaml');
      writeFileSync(path, config(resampling));
      const warnings: string[] = [];
      const content = await readSweepContentFor(path, { onWarning: (warning) => warnings.push(warning) });
      return { keys: [...finalKeys(content.config)], warnings };
    };
    const former = await read('resampling: itk # as ever');
    assert.deepEqual(former.warnings, [
      `${join(folder, 'named.yaml')}:9  resampling: itk is now called centred; ITK's own convention is origin`,
    ]);
    assert.deepEqual(await read('resampling: centred'), { ...former, warnings: [] });
    assert.deepEqual(await read(''), { ...former, warnings: [] });
    assert.notDeepEqual((await read('resampling: origin')).keys, former.keys);
  });
});
