import { markup, type Markup } from '../markup/markup.js';
import { coordinate, horizontal, words } from './shapes.js';

/** A sample of a graphical element and its meaning. */
export interface LegendEntry {
  /** Drawn horizontally from 0 to `sampleWidth` and vertically around 0. */
  readonly sample: Markup;
  readonly text: string;
}

export const sampleWidth = 24;

/** Legend entries. The first sample's left end is at the given place; each entry is `step` from the previous one. */
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

/** A sample of a line with the given class or classes. */
export function lineSample(name = 'curve'): Markup {
  return horizontal(name, 0, { left: 0, right: sampleWidth });
}
