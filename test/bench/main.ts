/**
 * `npm run bench [-- name …]`: the U-Net's training step and inference against PyTorch's on this machine, in turns; what
 * augmentation costs an epoch, and how long a training takes to its first step; reading and preparing cases; error rates
 * of the statistical tests; what orchestration costs; the paper's largest experiment at its true size. The anchors beside this file need a Python with torch (VOLBIAS_TEST_PYTHON, else python3; unet_step.py says how to make one);
 * without it ours is measured alone. Every name is a line of `benches` below. Figures of a machine that does something
 * else at the same time mean little.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { parameterCount } from '../../domain/training/networks/parameter-layout.js';
import { repositoryRoot } from '../support/paths.js';

const anchor = join(repositoryRoot, 'test', 'bench', 'unet_step.py');
const python = process.env.VOLBIAS_TEST_PYTHON ?? 'python3';

interface Measured {
  readonly milliseconds: readonly number[];
  readonly validation: number;
  readonly prediction: number;
  readonly peakMebibytes: number;
}

/** Every process computes with this many threads. */
function output(threads: number, command: string, args: readonly string[]): string {
  const env = {
    ...process.env,
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    TF_ENABLE_ONEDNN_OPTS: '1',
  };
  const { stdout, stderr, status } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

function ours({ shape, channels, steps, batch, threads }: Work): Measured {
  const [x = 1, y = 1, z = 1] = shape;
  const args = [[x, y, z].join(','), ...[channels, steps, batch].map(String)];
  return JSON.parse(output(threads, process.execPath, [script('training-step'), ...args])) as Measured;
}

/** Without the first steps, which allocate and choose algorithms. */
function median(milliseconds: readonly number[]): number {
  const sorted = milliseconds.slice(Math.ceil(milliseconds.length / 6)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

const ratio = (own: number, other: number): string => `${(own / other).toFixed(2)} ×`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function anchorProblem(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  return status === 0 ? undefined : `${python} has no torch (name another by VOLBIAS_TEST_PYTHON)`;
}

/** A bench that prints its own lines. */
function runHere(name: string): void {
  const { status } = spawnSync(process.execPath, [script(name)], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`the bench ${name} failed`);
}

const problem = anchorProblem();

/** What unet_step.py prints. */
interface Anchored {
  readonly torch: string;
  readonly parameters: number;
  readonly milliseconds: readonly number[];
  readonly peakMebibytes: number;
  readonly prediction: number;
}

interface Work {
  /** x, y and, in 3D, z. */
  readonly shape: readonly number[];
  readonly channels: number;
  readonly steps: number;
  readonly batch: number;
  readonly threads: number;
}

function theirs({ shape, channels, steps, batch, threads }: Work): Anchored {
  const options = { shape: shape.join(','), channels, steps, batch, threads };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const measured = JSON.parse(output(threads, python, [anchor, ...args])) as Anchored;
  const dimensions = shape.length === 2 ? 2 : 3;
  const own = parameterCount(describeNetwork({ model: 'unet', dimensions, channels, upsampling: 'same' }));
  if (measured.parameters !== own) {
    throw new Error(`the networks differ: ${own} parameters here, ${measured.parameters} in ${anchor}`);
  }
  return measured;
}

/** Ours before and after PyTorch, so that a machine that becomes slower harms both. */
function bench3D(shape: readonly number[], steps: number): void {
  const work: Work = { shape, channels: 4, steps, batch: 1, threads: 2 };
  const first = ours(work);
  const other = problem === undefined ? theirs(work) : undefined;
  const second = ours(work);
  const own = (median(first.milliseconds) + median(second.milliseconds)) / 2;
  const prediction = (first.prediction + second.prediction) / 2;
  const validation = (first.validation + second.validation) / 2;
  const peak = Math.max(first.peakMebibytes, second.peakMebibytes);
  print(`${shape.join(' × ')}, 4 channels, 2 threads`);
  // A fold of five trains on three parts and validates on one.
  print(`  step ${own.toFixed(0)} ms, peak ${String(peak)} MiB; inference ${prediction.toFixed(0)} ms; `);
  print(`  validation of one case for three steps adds ${((100 * validation) / (3 * own)).toFixed(0)} %`);
  if (other === undefined) return;
  const step = median(other.milliseconds);
  print(
    `  PyTorch ${other.torch}: step ${step.toFixed(0)} ms, peak ${String(other.peakMebibytes)} MiB; inference ${other.prediction.toFixed(0)} ms`,
  );
  print(
    `  ours / PyTorch: step ${ratio(own, step)}, memory ${ratio(peak, other.peakMebibytes)}, inference ${ratio(prediction, other.prediction)}`,
  );
}

function bench2D(): void {
  for (const [edge, batch] of [
    [54, 1],
    [81, 1],
    [81, 4],
    [243, 1],
  ] as const) {
    const works = [1, 2].map((threads): Work => ({ shape: [edge, edge], channels: 1, steps: 60, batch, threads }));
    const own = works.map((work) => median(ours(work).milliseconds));
    print(`${String(edge)} × ${String(edge)}, batch ${String(batch)}, 1 channel: step with 1 and 2 threads`);
    print(`  ours ${own.map((value) => value.toFixed(1)).join(', ')} ms`);
    if (problem !== undefined) continue;
    const other = works.map((work) => median(theirs(work).milliseconds));
    print(`  PyTorch ${other.map((value) => value.toFixed(1)).join(', ')} ms`);
    print(`  ours / PyTorch, each with the threads that suit it: ${ratio(Math.min(...own), Math.min(...other))}`);
  }
}

const benches: Readonly<Record<string, () => void>> = {
  '2d': bench2D,
  '54': () => {
    bench3D([54, 54, 54], 8);
  },
  '81': () => {
    bench3D([81, 81, 81], 5);
  },
  full: () => {
    bench3D([162, 162, 108], 4);
  },
  augmentation: () => {
    print(`augmentation ${output(2, process.execPath, [script('augmentation'), '81', '2']).trim()}`);
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
  start: () => {
    print(`start ${output(1, process.execPath, [script('training-start')]).trim()}`);
  },
};

const asked = process.argv.slice(2);
if (problem !== undefined) print(`PyTorch is skipped: ${problem}`);
for (const name of asked.length === 0 ? Object.keys(benches) : asked) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`no bench "${name}"; there are ${Object.keys(benches).join(', ')}`);
  bench();
}
