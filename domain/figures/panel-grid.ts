/** Position of a panel in its figure; lengths in the figure's own units, y pointing down. */
export interface Panel {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Small multiples: rows and columns of equal panels. */
export interface PanelGrid {
  readonly width: number;
  readonly height: number;
  panel(row: number, column: number): Panel;
}

export interface PanelGridLayout {
  readonly rows: number;
  readonly columns: number;
  readonly panelWidth: number;
  readonly panelHeight: number;
  /** Space left of the first column, between columns, and right of the last one. */
  readonly left: number;
  readonly columnGap: number;
  readonly right: number;
  /** Space above the first row, and below each row. */
  readonly top: number;
  readonly below: number;
}

export function panelGrid(layout: PanelGridLayout): PanelGrid {
  const { rows, columns, panelWidth, panelHeight, left, columnGap, right, top, below } = layout;
  return {
    width: left + columns * panelWidth + (columns - 1) * columnGap + right,
    height: top + rows * (panelHeight + below),
    panel: (row, column) => {
      const [x, y] = [left + column * (panelWidth + columnGap), top + row * (panelHeight + below)];
      return { left: x, right: x + panelWidth, top: y, bottom: y + panelHeight };
    },
  };
}
