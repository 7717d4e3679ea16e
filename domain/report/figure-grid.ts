import { modelLabel } from './words/labels.js';
import { coordinate } from './figure-scale.js';
import { markup, type Markup } from './page/markup.js';
import { visibleText } from './words/visible-text.js';

/** Where one panel of a grid of small multiples lies; lengths in the figure's own units. */
export interface Panel {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface FigureGrid {
  readonly width: number;
  readonly height: number;
  panel(row: number, column: number): Panel;
}

const width = 1000;
const gap = 26;
const top = 34;

/** Rows are data sets, columns models; `axis` is the room below each panel, `margin` that at its left inside. */
export function figureGrid({
  rows,
  columns,
  labelWidth,
  panelHeight,
  axis,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly labelWidth: number;
  readonly panelHeight: number;
  readonly axis: number;
}): FigureGrid {
  const panelWidth = Math.min(420, (width - labelWidth - gap * (columns - 1) - 8) / columns);
  return {
    width,
    height: top + rows * (panelHeight + axis),
    panel: (row, column) => {
      const left = labelWidth + column * (panelWidth + gap);
      const panelTop = top + row * (panelHeight + axis);
      return { left, right: left + panelWidth, top: panelTop, bottom: panelTop + panelHeight };
    },
  };
}

/** The names of the models over their columns. */
export function columnHeadings(models: readonly string[], grid: FigureGrid): Markup[] {
  return models.map((model, column) => {
    const { left, right } = grid.panel(0, column);
    const x = coordinate((left + right) / 2);
    return markup`<text class="heading" x="${x}" y="16" text-anchor="middle">${modelLabel(model)}</text>`;
  });
}

/** A data set's name, broken at hyphens into two lines at most, with smaller lines below. */
export function rowHeading(name: string, below: readonly string[], { top: y }: Panel): Markup {
  const lines = brokenName(name);
  const heading = lines.map(
    (line, index) => markup`<text class="heading" x="0" y="${coordinate(y + 16 + index * 15)}">${line}</text>`,
  );
  const details = below.map((line, index) => {
    const lineY = coordinate(y + 17 + lines.length * 15 + index * 14);
    return markup`<text class="note" x="0" y="${lineY}">${line}</text>`;
  });
  return markup`<g><title>${name}</title>${heading}${details}</g>`;
}

const longestLine = 18;

function brokenName(name: string): string[] {
  const lines = [''];
  for (const part of visibleText(name).split(/(?<=-)/)) {
    const last = lines.length - 1;
    const line = lines[last] ?? '';
    if (line === '' || line.length + part.length <= longestLine) lines[last] = line + part;
    else lines.push(part);
  }
  const shown = lines
    .slice(0, 2)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line));
  if (lines.length > 2) shown[1] = `${(shown[1] ?? '').slice(0, longestLine - 1)}…`;
  return shown;
}
