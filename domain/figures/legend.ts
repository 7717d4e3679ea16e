import { markup, type Markup } from '../markup/markup.js';
import { coordinate, horizontal, words } from './shapes.js';

/** A sample of what a figure draws, and what it stands for. */
export interface LegendEntry {
  /** Drawn from 0 to `sampleWidth` across and round 0 up and down. */
  readonly sample: Markup;
  readonly text: string;
}

export const sampleWidth = 24;

/** Entries from a place on (that of the first sample's left end), each `step` from the one before. */
export function legend(
  entries: readonly LegendEntry[],
  { x, y }: { readonly x: number; readonly y: number },
  step: { readonly across?: number; readonly down?: number },
): Markup[] {
  return entries.map(({ sample, text }, index) => {
    const [left, middle] = [x + index * (step.across ?? 0), y + index * (step.down ?? 0)];
    const label = words('', text, { x: sampleWidth + 6, y: 4 });
    return markup`<g transform="translate(${coordinate(left)} ${coordinate(middle)})">${sample}${label}</g>
`;
  });
}

/** A sample of a line of that class, or those. */
export function lineSample(name = 'curve'): Markup {
  return horizontal(name, 0, { left: 0, right: sampleWidth });
}
