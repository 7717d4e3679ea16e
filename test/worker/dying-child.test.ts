import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import type { ComputeJob } from '../../activities/activity-context.js';
import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { unitId } from '../../domain/plan/units.js';
import { runUnit } from '../../steps/run-unit.js';
import { scan } from '../../steps/scan.js';
import { surroundingsOf } from '../../steps/surroundings.js';
import { recordSweep } from '../../storage/sweeps/sweep-records.js';
import { ChildProcessRunner } from '../../worker/child-process-runner.js';
import { configOf } from '../support/data/prepare-data-set.js';
import { gridOf } from '../support/images/image-fixtures.js';
import { killProcessesOf, processesCanBeFound } from '../support/processes.js';
import { openTestStore } from '../support/sweeps/test-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';

describe('a computing process that dies', { skip }, () => {
  it('names the case that it was at, but not in its progress, which leaves the machine', async (test) => {
    const dataFolder = await temporaryFolder(test);
    const root = join(dataFolder, 'data');
    for (const name of ['imagesTr', 'labelsTr']) mkdirSync(join(root, name), { recursive: true });
    // The second case takes seconds: at 1 mm it has 27 million voxels.
    for (const [id, spacing] of [
      ['quick', 1],
      ['slow', 30],
    ] as const) {
      const grid = gridOf([10, 10, 10], [spacing, spacing, spacing]);
      const values = Float32Array.from({ length: 1000 }, (_, index) => index);
      writeFileSync(join(root, 'imagesTr', `${id}_0000.nii`), encodeNifti({ grid, values }));
      writeFileSync(
        join(root, 'labelsTr', `${id}.nii`),
        encodeNifti({ grid, values: new Uint8Array(1000).fill(1, 400) }),
      );
    }
    const { folder, store, lineage } = openTestStore(dataFolder);
    const dataSet = {
      kind: 'nnunet',
      path: root,
      modalities: ['T1'],
      preprocessing: { spacingMm: 1, crop: [9, 9, 9] },
    };
    const content = { config: configOf(dataSet), importedFolds: null, environment: null };
    const place = { configPath: join(dataFolder, 'config.yaml'), paths: new Map<string, string>() };
    const record = await recordSweep(folder, store, place, content);
    const sweep = { sweepId: record.id, specification: record.specification, gaps: [] };
    const request = { ...sweep, coordinates: { dataSet: 'own' }, key: 'a'.repeat(64), inputs: [] };
    const { signal } = new AbortController();
    const here = { store, lineage, folder, environment: {}, signal, onProgress: () => undefined };
    const { ref } = await runUnit({ step: scan, request, content }, await surroundingsOf(request, content, here));

    const coordinates = { dataSet: 'own', shard: 0 };
    const inputs = [{ unit: unitId('scan', { dataSet: 'own' }), ref }];
    const job: ComputeJob = {
      ...{ step: 'preprocess', unit: unitId('preprocess', coordinates), stallSeconds: 300, numerics: undefined },
      request: { ...sweep, coordinates, key: 'b'.repeat(64), inputs },
    };
    const before = process.env.VOLBIAS_DATA_DIR;
    process.env.VOLBIAS_DATA_DIR = folder.root;
    test.after(() => {
      if (before === undefined) delete process.env.VOLBIAS_DATA_DIR;
      else process.env.VOLBIAS_DATA_DIR = before;
      killProcessesOf(folder.root);
    });
    const progress: object[] = [];
    const run = new ChildProcessRunner({ folder, libraryPath: [], devices: [] }).run(job, {
      signal,
      onProgress: (one) => {
        progress.push(one);
        setTimeout(() => {
          killProcessesOf(folder.root);
        }, 200);
      },
    });
    await assert.rejects(run, {
      code: 'KILLED',
      message: /^the process of .* was killed by SIGKILL at case "slow"; its log is /,
    });
    assert.doesNotMatch(JSON.stringify(progress), /quick|slow/);
  });
});
