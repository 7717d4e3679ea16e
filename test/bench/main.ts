/**
 * `npm run bench [-- name …]`: the U-Net's training step and inference against PyTorch's on this machine, in turns; what
 * augmentation costs an epoch, and how long a training takes to its first step; reading and preparing cases; error rates
 * of the statistical tests; what orchestration costs; where a quickstart's wall time goes; what bfloat16 does to its
 * volumes; the paper's largest experiment at its true size. The anchors beside this file need a Python with torch
 * (VOLBIAS_TEST_PYTHON, else python3; unet_step.py says how to make one); without it ours is measured alone. Every name is
 * a line of `benches` below. Figures of a machine that does something else at the same time mean little.
 */
import { outputOfBench, print, runHere } from './bench-process.js';
import { anchorProblem } from './unet-anchor.js';
import { benchUNet } from './unet-speed.js';

const problem = anchorProblem();

function volumes(shape: readonly number[], steps: number): void {
  benchUNet({ shape, channels: 4, steps, batch: 1 }, problem);
}

const pictures = (edge: number, batch = 1): void => {
  benchUNet({ shape: [edge, edge], channels: 1, steps: 60, batch }, problem);
};

const benches: Readonly<Record<string, () => void>> = {
  '2d': () => {
    pictures(54);
    pictures(81);
    pictures(81, 4);
    pictures(243);
  },
  '54': () => {
    volumes([54, 54, 54], 8);
  },
  '81': () => {
    volumes([81, 81, 81], 5);
  },
  full: () => {
    volumes([162, 162, 108], 4);
  },
  augmentation: () => {
    print(`augmentation ${outputOfBench(2, 'augmentation', ['81', '2']).trim()}`);
  },
  preprocess: () => {
    runHere('preprocess-case');
  },
  cases: () => {
    runHere('many-cases');
  },
  rehearsal: () => {
    runHere('rehearsal');
  },
  statistics: () => {
    runHere('statistics');
  },
  orchestration: () => {
    runHere('orchestration');
  },
  sweep: () => {
    runHere('sweep');
  },
  precision: () => {
    runHere('precision');
  },
  start: () => {
    print(`start ${outputOfBench(1, 'training-start').trim()}`);
  },
};

const asked = process.argv.slice(2);
if (problem !== undefined) print(`PyTorch is skipped: ${problem}`);
for (const name of asked.length === 0 ? Object.keys(benches) : asked) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`no bench "${name}"; there are ${Object.keys(benches).join(', ')}`);
  bench();
}
