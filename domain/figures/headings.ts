import { markup, type Markup } from '../markup/markup.js';
import { visibleText } from '../markup/visible-text.js';
import type { Panel, PanelGrid } from './panel-grid.js';
import { words } from './shapes.js';

/** Column names over the first row of panels, `above` the panels' top. */
export function columnHeadings(names: readonly string[], grid: PanelGrid, above = 18): Markup[] {
  return names.map((name, column) => {
    const { left, right, top } = grid.panel(0, column);
    return words('heading', name, { x: (left + right) / 2, y: top - above, anchor: 'middle' });
  });
}

/** A row's name at the figure's left edge, broken at hyphens into at most two lines, with smaller lines below. */
export function rowHeading(name: string, below: readonly string[], { top }: Panel): Markup {
  const lines = brokenName(name);
  const heading = lines.map((line, index) => words('heading', line, { x: 0, y: top + 16 + index * 15 }));
  const details = below.map((line, index) =>
    words('note', line, { x: 0, y: top + 17 + lines.length * 15 + index * 14 }),
  );
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
