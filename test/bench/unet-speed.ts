import { cpus } from 'node:os';

import type { Triple } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { outputOfBench, print } from './bench-process.js';
import { anchorWays, ours, theirs, type AnchorWay, type Measured, type Work } from './unet-anchor.js';
import { networkOperations } from './unet-operations.js';
import { contenders, figuresOf, least, middle, type Figures } from './unet-rounds.js';

const rounds = 3;
const threadCounts = [1, 2] as const;

/** A side of the comparison: ours or a way of PyTorch's, with one or two threads. */
interface Side {
  readonly way: 'ours' | AnchorWay;
  readonly threads: number;
}

const labelOf = ({ way, threads }: Side): string => `${way}, ${String(threads)} thread${threads === 1 ? '' : 's'}`;
const isOurs = ({ way }: Side): boolean => way === 'ours';
const isTheirs = (side: Side): boolean => !isOurs(side);

/**
 * Measures ours and every way of PyTorch's in turns, so that a machine that becomes slower harms all, and prints ours
 * beside the best of PyTorch's, whichever it is for each figure. A first look with a third of the steps finds which ways,
 * of either, are far from the fastest; the rounds leave these out.
 */
export function benchUNet(work: Work, problem: string | undefined): void {
  const { shape, channels, batch, steps } = work;
  print(`${shape.join(' × ')}, ${String(channels)} channels, batch ${String(batch)}; ${cpus()[0]?.model.trim() ?? ''}`);
  const measured = measureAll({ ...work, steps: Math.max(3, Math.ceil(steps / 3)) }, allSides(problem));
  const sides = [isOurs, isTheirs].flatMap((isOne) => {
    const figures = figuresWhere(measured, isOne);
    return figures.size === 0 ? [] : contenders(figures);
  });
  for (const side of sides) measured.delete(side);
  const limits = new Map(threadCounts.map((threads): [number, number[]] => [threads, []]));
  for (let round = 0; round < rounds; round++) {
    for (const threads of threadCounts) limits.get(threads)?.push(Number(outputOfBench(threads, 'matrix-product')));
    for (const [side, all] of measureAll(work, sides)) measured.set(side, [...(measured.get(side) ?? []), ...all]);
  }
  const own = figuresWhere(measured, isOurs);
  printOurs(work, own, limits);
  const others = figuresWhere(measured, isTheirs);
  if (others.size > 0) printComparison(own, others);
}

function measureAll(work: Work, sides: readonly Side[]): Map<Side, Measured[]> {
  return new Map(
    sides.flatMap((side) => {
      const result = measureSide(work, side);
      return result === undefined ? [] : [[side, [result]]];
    }),
  );
}

function allSides(problem: string | undefined): readonly Side[] {
  const ways = ['ours', ...(problem === undefined ? (Object.keys(anchorWays) as AnchorWay[]) : [])] as const;
  return threadCounts.flatMap((threads) => ways.map((way): Side => ({ way, threads })));
}

/** undefined: PyTorch cannot run the network in this way, which is printed. */
function measureSide(work: Work, { way, threads }: Side): Measured | undefined {
  if (way === 'ours') return ours(work, threads);
  try {
    return theirs(work, threads, way);
  } catch (error) {
    if (!anchorWays[way].some((option) => option === '--compile')) throw error;
    const said = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
    print(`  PyTorch ${labelOf({ way, threads })} does not work here: ${said}`);
    return undefined;
  }
}

function figuresWhere(
  measured: ReadonlyMap<Side, readonly Measured[]>,
  accepts: (side: Side) => boolean,
): ReadonlyMap<Side, Figures> {
  return new Map([...measured].flatMap(([side, all]) => (accepts(side) ? [[side, figuresOf(all)] as const] : [])));
}

function printOurs(
  { shape, channels, batch }: Work,
  own: ReadonlyMap<Side, Figures>,
  limits: ReadonlyMap<number, readonly number[]>,
): void {
  const [x = 1, y = 1, z = 1] = shape;
  const triple: Triple = [x, y, z];
  const choice = { model: 'unet', dimensions: z === 1 ? 2 : 3, channels, upsampling: 'same' } as const;
  const operations = batch * networkOperations(describeNetwork(choice), triple).step;
  for (const [side, figures] of own) {
    const reached = operations / figures.step / 1e6;
    const limit = middle(limits.get(side.threads) ?? []);
    const share = `${((100 * reached) / limit).toFixed(0)} % of a matrix product's ${limit.toFixed(0)}`;
    print(`  ${labelOf(side)}: ${described(figures)}; ${reached.toFixed(1)} GFLOP/s, ${share}`);
  }
}

function described({ step, prediction, peakMebibytes }: Figures): string {
  return `step ${milliseconds(step)}, inference ${milliseconds(prediction)}, peak ${String(peakMebibytes)} MiB`;
}

const milliseconds = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;

function printComparison(own: ReadonlyMap<Side, Figures>, others: ReadonlyMap<Side, Figures>): void {
  for (const [side, figures] of others) print(`  PyTorch ${labelOf(side)}: ${described(figures)}`);
  const names = { step: 'step', peakMebibytes: 'memory', prediction: 'inference' } as const;
  for (const respect of ['step', 'peakMebibytes', 'prediction'] as const) {
    const [mine, best] = [least(own, respect), least(others, respect)];
    const ratio = (mine.value / best.value).toFixed(2);
    print(`  ${names[respect]}: ${ratio} × PyTorch's best (${labelOf(best.name)}; ${labelOf(mine.name)})`);
  }
}
