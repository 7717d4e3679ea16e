import { panelGrid, type PanelGrid } from '../../figures/panel-grid.js';

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
