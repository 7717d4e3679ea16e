import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { parameterCount } from '../../domain/training/networks/parameter-layout.js';
import { repositoryRoot } from '../support/paths.js';
import { outputOf, outputOfBench } from './bench-process.js';

const anchor = join(repositoryRoot, 'test', 'bench', 'unet_step.py');
const python = process.env.VOLBIAS_TEST_PYTHON ?? 'python3';

export interface Work {
  /** x, y and, in 3D, z. */
  readonly shape: readonly number[];
  readonly channels: number;
  readonly steps: number;
  readonly batch: number;
}

/** What training-step.ts and unet_step.py both print. */
export interface Measured {
  readonly milliseconds: readonly number[];
  readonly prediction: number;
  readonly peakMebibytes: number;
}

/** What unet_step.py prints. */
interface Anchored extends Measured {
  readonly torch: string;
  readonly parameters: number;
}

/** Ways to run the network in PyTorch, as options of unet_step.py. */
export const anchorWays = {
  default: [],
  'channels-last': ['--memory-format', 'channels-last'],
  compiled: ['--compile'],
  'compiled, channels-last': ['--compile', '--memory-format', 'channels-last'],
} as const;

export type AnchorWay = keyof typeof anchorWays;

export function anchorProblem(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  return status === 0 ? undefined : `${python} has no torch (name another by VOLBIAS_TEST_PYTHON)`;
}

export function ours({ shape, channels, steps, batch }: Work, threads: number): Measured {
  const [x = 1, y = 1, z = 1] = shape;
  const args = [[x, y, z].join(','), ...[channels, steps, batch].map(String)];
  return JSON.parse(outputOfBench(threads, 'training-step', args)) as Measured;
}

/** Throws if PyTorch cannot run the network in this way, or if it is not the same network. */
export function theirs({ shape, channels, steps, batch }: Work, threads: number, way: AnchorWay): Anchored {
  const options = { shape: shape.join(','), channels, steps, batch, threads };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const measured = JSON.parse(outputOf(threads, python, [anchor, ...args, ...anchorWays[way]])) as Anchored;
  const dimensions = shape.length === 2 ? 2 : 3;
  const own = parameterCount(describeNetwork({ model: 'unet', dimensions, channels, upsampling: 'same' }));
  if (measured.parameters !== own) {
    throw new Error(`the networks differ: ${own} parameters here, ${measured.parameters} in ${anchor}`);
  }
  return measured;
}
