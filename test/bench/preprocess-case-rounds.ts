/** One process of preprocess-case.ts: arguments are the case's folder, a data folder, and how often to prepare it. */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { deviationOf } from '../../domain/preprocess/moments.js';
import { preprocessCase } from '../../domain/preprocess/preprocess-case.js';
import { readCase } from '../../storage/datasets/read-case.js';
import { encodePreparedCase } from '../../storage/cases/prepared-cases.js';
import { peakMemory } from '../support/peak-memory.js';
import { configOf } from '../support/data/prepare-data-set.js';
import { openTestStore } from '../support/sweeps/test-store.js';
import type { Measured } from './preprocess-case.js';

const [folder = '', dataFolder = '', rounds = '1'] = process.argv.slice(2);
const names = ['flair', 't1', 't1ce', 't2'];
const [dataSet] = configOf({
  kind: 'brats',
  path: folder,
  modalities: names,
  // SimpleITK's way, against which the bench runs.
  label: { greaterThan: 0, resampling: 'linear' },
  preprocessing: { crop: [162, 162, 108], mask: { modality: 'flair', greaterThan: 0 } },
}).dataSets;
if (dataSet === undefined) throw new Error('there is no data set');
const files = {
  images: names.map((modality) => ({ modality, path: join(folder, `case_${modality}.nii.gz`) })),
  label: join(folder, 'case_seg.nii.gz'),
};

const seconds: number[] = [];
let blockedMs = 0;
let moments = { mean: NaN, deviation: NaN };
for (let round = 0; round < Number(rounds); round++) {
  const start = performance.now();
  let last = start;
  const clock = setInterval(() => {
    const now = performance.now();
    blockedMs = Math.max(blockedMs, now - last);
    last = now;
  }, 2);
  const raw = await readCase(files, { ...dataSet, upsampling: 'valid' });
  clearInterval(clock);
  const prepared = preprocessCase(raw);
  const { store } = openTestStore(join(dataFolder, String(round)));
  const work = {
    step: 'preprocess' as const,
    key: 'a'.repeat(64),
    unit: 'bench',
    version: 1,
    parameters: {},
    inputs: [],
  };
  await store.put({ ...work, environment: {} }, encodePreparedCase(prepared));
  seconds.push((performance.now() - start) / 1000);
  const [flair] = prepared.moments;
  if (flair !== undefined) moments = { mean: flair.mean, deviation: deviationOf(flair) };
}
const measured: Measured = {
  seconds,
  peakMb: peakMemory() / 2 ** 20,
  ...moments,
  blockedMs,
};
process.stdout.write(`${JSON.stringify(measured)}\n`);
