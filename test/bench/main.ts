/**
 * `node dist/test/bench/main.js [name …]`, part of `npm run bench`: the U-Net's training step against PyTorch's on this
 * machine, two threads each, in turns, and what augmentation costs an epoch. PyTorch's script lies beside the checkout and needs a Python with torch
 * (VOLBIAS_BENCH_PYTHON, else python3); without them ours is measured alone. Names: 54, 81, full, augmentation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { sharedFolder } from '../support/paths.js';

const threads = '2';
const anchor = join(sharedFolder, 'bench', 'unet_step_pytorch.py');
const python = process.env.VOLBIAS_BENCH_PYTHON ?? 'python3';
const shapes: Readonly<Record<string, { readonly shape: string; readonly steps: number }>> = {
  '54': { shape: '54,54,54', steps: 6 },
  '81': { shape: '81,81,81', steps: 4 },
  full: { shape: '162,162,108', steps: 3 },
};

interface Measured {
  readonly milliseconds: readonly number[];
  readonly peakMebibytes: number;
}

const environment = {
  ...process.env,
  TF_CPP_MIN_LOG_LEVEL: '2',
  TF_NUM_INTRAOP_THREADS: threads,
  TF_NUM_INTEROP_THREADS: '1',
  OMP_NUM_THREADS: threads,
};

function output(command: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

function ours(shape: string, steps: number): Measured {
  return JSON.parse(output(process.execPath, [script('training-step'), shape, '4', String(steps)])) as Measured;
}

/** The script prints a line a step: number, loss, milliseconds, `ms`, mebibytes. */
function pytorch(shape: string, steps: number): Measured {
  const lines = output(python, [anchor, shape, String(steps)])
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words[3] === 'ms');
  const peakMebibytes = Math.max(...lines.map((words) => Number(words[4])));
  return { milliseconds: lines.map((words) => Number(words[2])), peakMebibytes };
}

/** Without the first step, which allocates and chooses algorithms. */
function median({ milliseconds }: Measured): number {
  const sorted = milliseconds.slice(1).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function anchorProblem(): string | undefined {
  if (!existsSync(anchor)) return `${anchor} is absent`;
  const { status } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  return status === 0 ? undefined : `${python} has no torch (name another by VOLBIAS_BENCH_PYTHON)`;
}

const asked = process.argv.slice(2);
const chosen = asked.length === 0 ? [...Object.keys(shapes), 'augmentation'] : asked;
const problem = anchorProblem();
if (problem !== undefined) print(`PyTorch is skipped: ${problem}`);
for (const name of chosen) {
  if (name === 'augmentation') {
    print(`augmentation ${output(process.execPath, [script('augmentation'), '81', '2']).trim()}`);
    continue;
  }
  const found = shapes[name];
  if (found === undefined)
    throw new Error(`no bench "${name}"; there are ${Object.keys(shapes).join(', ')}, augmentation`);
  const { shape, steps } = found;
  const own = ours(shape, steps);
  const line = `step ${shape}: ${median(own).toFixed(0)} ms, ${String(own.peakMebibytes)} MiB`;
  if (problem !== undefined) {
    print(line);
    continue;
  }
  const other = pytorch(shape, steps);
  const ratios = `${(median(own) / median(other)).toFixed(2)} × time, ${(own.peakMebibytes / other.peakMebibytes).toFixed(2)} × memory`;
  print(`${line}; PyTorch ${median(other).toFixed(0)} ms, ${String(other.peakMebibytes)} MiB: ${ratios}`);
}
