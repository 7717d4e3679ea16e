/**
 * `npm run bench [-- name …]`: the U-Net's training step and inference against PyTorch's on this machine, in turns; what
 * augmentation costs an epoch, and how long a training takes to its first step; reading and preparing cases. PyTorch's
 * scripts lie beside the checkout and need a Python with torch (VOLBIAS_TEST_PYTHON, else python3); without them ours
 * is measured alone. Every name is a line of `benches` below. Figures of a machine that does something else at the same
 * time mean little.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { sharedFolder } from '../support/paths.js';

const folder = join(sharedFolder, 'bench');
const anchors = { 2: join(folder, 'unet_step_pytorch_2d.py'), 3: join(folder, 'unet_step_pytorch.py') };
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
  };
  const { stdout, stderr, status } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

function ours(threads: number, ...args: readonly string[]): Measured {
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
  const absent = Object.values(anchors).find((anchor) => !existsSync(anchor));
  if (absent !== undefined) return `${absent} is absent`;
  const { status } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  return status === 0 ? undefined : `${python} has no torch (name another by VOLBIAS_TEST_PYTHON)`;
}

/** A bench that prints its own lines. */
function runHere(name: string): void {
  const { status } = spawnSync(process.execPath, [script(name)], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`the bench ${name} failed`);
}

const problem = anchorProblem();

interface Anchored {
  readonly milliseconds: readonly number[];
  readonly forward: number;
  readonly peakMebibytes: number;
}

/** The script prints a line a step (number, loss, milliseconds, `ms`, mebibytes) and one `fwd` and milliseconds. */
function pytorch3D(shape: string, steps: number): Anchored {
  const lines = output(2, python, [anchors[3], shape, String(steps)])
    .split('\n')
    .map((line) => line.split(' '));
  const measured = lines.filter((words) => words[3] === 'ms');
  return {
    milliseconds: measured.map((words) => Number(words[2])),
    forward: Number(lines.find(([word]) => word === 'fwd')?.[1]),
    peakMebibytes: Math.max(...measured.map((words) => Number(words[4]))),
  };
}

/** Ours before and after PyTorch, so that a machine that becomes slower harms both. */
function bench3D(shape: string, steps: number): void {
  const measure = (): Measured => ours(2, shape, '4', String(steps));
  const first = measure();
  const other = problem === undefined ? pytorch3D(shape, steps) : undefined;
  const second = measure();
  const own = (median(first.milliseconds) + median(second.milliseconds)) / 2;
  const prediction = (first.prediction + second.prediction) / 2;
  const validation = (first.validation + second.validation) / 2;
  const peak = Math.max(first.peakMebibytes, second.peakMebibytes);
  print(`${shape}, 4 channels, 2 threads`);
  // A fold of five trains on three parts and validates on one.
  print(`  step ${own.toFixed(0)} ms, peak ${String(peak)} MiB; inference ${prediction.toFixed(0)} ms; `);
  print(`  validation of one case for three steps adds ${((100 * validation) / (3 * own)).toFixed(0)} %`);
  if (other === undefined) return;
  const theirs = median(other.milliseconds);
  print(
    `  PyTorch: step ${theirs.toFixed(0)} ms, peak ${String(other.peakMebibytes)} MiB; inference ${other.forward.toFixed(0)} ms`,
  );
  print(
    `  ours / PyTorch: step ${ratio(own, theirs)}, memory ${ratio(peak, other.peakMebibytes)}, inference ${ratio(prediction, other.forward)}`,
  );
}

/** The script prints a line a size: edge, batch, `torch median`, milliseconds, `ms`. */
function pytorch2D(threads: number): ReadonlyMap<string, number> {
  const lines = output(threads, python, [anchors[2]]).trim().split('\n');
  return new Map(lines.map((line) => line.split(' ')).map((words) => [words.slice(0, 2).join(' '), Number(words[4])]));
}

function bench2D(): void {
  const theirs = problem === undefined ? new Map([1, 2].map((threads) => [threads, pytorch2D(threads)])) : undefined;
  for (const [edge, batch] of [
    [54, 1],
    [81, 1],
    [81, 4],
    [243, 1],
  ] as const) {
    const size = `${String(edge)},${String(edge)},1`;
    const own = [1, 2].map((threads) => median(ours(threads, size, '1', '60', String(batch)).milliseconds));
    const other = [1, 2].map((threads) => theirs?.get(threads)?.get(`${String(edge)} ${String(batch)}`));
    print(`${String(edge)} × ${String(edge)}, batch ${String(batch)}, 1 channel: step with 1 and 2 threads`);
    print(`  ours ${own.map((value) => value.toFixed(1)).join(', ')} ms`);
    const best = Math.min(...own);
    if (theirs === undefined) continue;
    print(`  PyTorch ${other.map((value) => value?.toFixed(1)).join(', ')} ms`);
    const bestOther = Math.min(...other.map((value) => value ?? NaN));
    print(`  ours / PyTorch, each with the threads that suit it: ${ratio(best, bestOther)}`);
  }
}

const benches: Readonly<Record<string, () => void>> = {
  '2d': bench2D,
  '54': () => {
    bench3D('54,54,54', 8);
  },
  '81': () => {
    bench3D('81,81,81', 5);
  },
  full: () => {
    bench3D('162,162,108', 4);
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
