import type { Measured } from './unet-anchor.js';

/** The medians over the rounds. */
export interface Figures {
  /** Milliseconds. */
  readonly step: number;
  readonly prediction: number;
  readonly peakMebibytes: number;
}

export function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Without the first steps, which allocate, compile and choose algorithms. */
const steady = (milliseconds: readonly number[]): readonly number[] =>
  milliseconds.slice(Math.ceil(milliseconds.length / 6));

export function figuresOf(rounds: readonly Measured[]): Figures {
  return {
    step: middle(rounds.map(({ milliseconds }) => middle(steady(milliseconds)))),
    prediction: middle(rounds.map(({ prediction }) => prediction)),
    peakMebibytes: middle(rounds.map(({ peakMebibytes }) => peakMebibytes)),
  };
}

/** Of the named figures the one that is least in the given respect. */
export function least<Name>(
  all: ReadonlyMap<Name, Figures>,
  respect: keyof Figures,
): { readonly name: Name; readonly value: number } {
  const [first, ...others] = [...all].map(([name, figures]) => ({ name, value: figures[respect] }));
  if (first === undefined) throw new RangeError('nothing was measured');
  return others.reduce((best, one) => (one.value < best.value ? one : best), first);
}

/** Those that may still be the fastest, because they are within a third of it. Memory needs no second look. */
export function contenders<Name>(all: ReadonlyMap<Name, Figures>): readonly Name[] {
  const limits = (['step', 'prediction'] as const).map(
    (respect) => [respect, (4 / 3) * least(all, respect).value] as const,
  );
  return [...all].flatMap(([name, figures]) =>
    limits.some(([respect, limit]) => figures[respect] <= limit) ? [name] : [],
  );
}
