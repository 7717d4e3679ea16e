import type { Figure } from '../../figures/figure.js';
import { panelGrid, type PanelGrid } from '../../figures/panel-grid.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';

const width = 1000;
const left = 190;
const columnGap = 26;
const right = 8;

/** The grid of the report's figures. Rows: data sets; columns: models. `below` is the space for each panel's axis. */
export function reportGrid(place: {
  readonly rows: number;
  readonly columns: number;
  readonly panelHeight: number;
  readonly below: number;
}): PanelGrid {
  const panelWidth = Math.min(420, (width - left - columnGap * (place.columns - 1) - right) / place.columns);
  return { ...panelGrid({ ...place, panelWidth, left, columnGap, right, top: 34 }), width };
}

/** What is drawn above the top of a panel: half of an axis label. */
const above = 8;

/** A figure on the grid. Paper may be broken between its rows, the first of which has the headings. */
export function figureOfRows(
  rows: readonly { readonly name: string; readonly content: Markup }[],
  { grid, label, headings }: { readonly grid: PanelGrid; readonly label: string; readonly headings: readonly Markup[] },
): Figure {
  const topOf = (row: number): number => (row === 0 ? 0 : grid.panel(row, 0).top - above);
  const parts = rows.map(({ name, content }, row) => ({
    name,
    top: topOf(row),
    bottom: row === rows.length - 1 ? grid.height : topOf(row + 1),
    content: markup`${row === 0 ? headings : nothing}${content}`,
  }));
  return {
    ...{ width: grid.width, height: grid.height, label, parts },
    content: markup`${parts.map(({ content }) => content)}`,
  };
}
