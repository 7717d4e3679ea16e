import { bottomAxis, leftAxis } from '../../figures/axis.js';
import { curvePath, thinCurve } from '../../figures/curve.js';
import type { Figure } from '../../figures/figure.js';
import { columnHeadings } from '../../figures/headings.js';
import { legend, lineSample } from '../../figures/legend.js';
import { panelGrid, type Panel } from '../../figures/panel-grid.js';
import { linearScale, ticksOf } from '../../figures/scale.js';
import { box, horizontal, words } from '../../figures/shapes.js';
import { markup, type Markup } from '../../markup/markup.js';
import { lossFigureValues, type BiasCurve } from './loss-curves.js';

const { regions, volumeRatios } = lossFigureValues;
const legendWidth = 232;

/** Soft Dice looks the same in every row; `look` is the series of a row's first curve. */
const parts = [
  { part: 'losses', title: 'Losses', look: 0 },
  { part: 'predictions', title: 'Soft Dice', look: 1 },
  { part: 'batches', title: 'Batch soft Dice', look: 1 },
] as const;

/** Solid lines for cross-entropy and soft Dice, dashed lines for the others, most of which coincide with soft Dice. */
const looks = [0, 0, 1, 2, 3, 4, 6, 1, 5].map((dash, series) => `curve series-${series} dash-${dash}`);

/**
 * Volume bias of the losses' minimisers against p. Rows: losses, one or separate p̂, batches; columns: μ. The bias is
 * divided by the uncertain volume, so that all panels share a scale.
 */
export function lossFigure(curves: readonly BiasCurve[]): Figure {
  const grid = panelGrid({
    rows: parts.length,
    columns: volumeRatios.length,
    panelWidth: 172,
    panelHeight: 140,
    left: 48,
    columnGap: 20,
    right: legendWidth,
    top: 22,
    below: 32,
  });
  const rows = parts.map(({ part, title, look }, row) => {
    const ofPart = curves.filter((curve) => curve.part === part);
    const names = [...new Set(ofPart.map(({ label }) => label))];
    const lookOf = (name: string): string => looks[look + names.indexOf(name)] ?? '';
    const panels = volumeRatios.map((ratio, column) =>
      biasPanel(
        ofPart.filter(({ volumeRatio }) => volumeRatio === ratio),
        { place: grid.panel(row, column), lookOf, isFirst: column === 0, isLast: row === parts.length - 1 },
      ),
    );
    const { right, top } = grid.panel(row, volumeRatios.length - 1);
    const entries = names.map((text) => ({ sample: lineSample(lookOf(text)), text }));
    const key = legend(entries, { x: right + 20, y: top + 24 }, { down: 16 });
    return markup`${panels}${words('heading', title, { x: right + 20, y: top + 8 })}${key}`;
  });
  const headings = volumeRatios.map((ratio) => `μ = ${ratio}, N = ${regions}`);
  return {
    width: grid.width,
    height: grid.height,
    label: 'Volume bias against probability, of each loss, of one or own predictions, and of batches',
    content: markup`${columnHeadings(headings, grid, 10)}${rows}`,
  };
}

interface BiasPanelPlace {
  readonly place: Panel;
  readonly lookOf: (name: string) => string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function biasPanel(curves: readonly BiasCurve[], { place, lookOf, isFirst, isLast }: BiasPanelPlace): Markup {
  const x = linearScale([0, 1], [place.left, place.right]);
  const y = linearScale([-0.6, 0.8], [place.bottom, place.top]);
  const lines = curves.map(({ label, volumeRatio, probabilities, biases }) => {
    const points = probabilities.map((p, i) => ({ x: p, y: (biases[i] as number) / volumeRatio }));
    return markup`<path class="${lookOf(label)}" d="${curvePath(thinCurve(points, 2e-4), { x, y })}"/>
`;
  });
  const across = bottomAxis(place, x, {
    ticks: ticksOf(x, 2, 'trimmed'),
    lines: 'marks',
    ...(isLast && { title: 'probability p' }),
  });
  const up = leftAxis(place, y, {
    ticks: ticksOf(y, 3, 'trimmed'),
    lines: 'marks',
    labels: isFirst,
    ...(isFirst && { title: 'ΔV / V(β)' }),
  });
  return markup`${horizontal('grid', y(0), place)}${box('frame', place)}${across}${up}${lines}`;
}
