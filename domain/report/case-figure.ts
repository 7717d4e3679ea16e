import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { unitLabel } from '../evaluate/voxel-size.js';
import type { Results, ResultsDataSet } from '../results/results.js';
import { columnHeadings, figureGrid, rowHeading, type Panel } from './figure-grid.js';
import { coordinate, niceTicks, paddedDomain, scaled, type Scale } from './figure-scale.js';
import { markup, nothing, type Markup } from './page/markup.js';

const labelWidth = 190;
const axisWidth = 34;

/**
 * Volume error against true volume, one dot a case: whether the bias belongs to small or large structures, and
 * whether a mean hides a few wild cases. Rows of data sets, columns of models; scales of their own; a dashed line at
 * each loss's mean.
 */
export function caseFigure(table: Results, rows: readonly EvaluationRow[]): Markup {
  const { dataSets, models } = table;
  const grid = figureGrid({ rows: dataSets.length, columns: models.length, labelWidth, panelHeight: 150, axis: 46 });
  const content = dataSets.map((dataSet, row) => {
    const unit = unitLabel(dataSet.unit);
    const below = [`up: ΔV in ${unit}`, `right: true volume in ${unit}`];
    const panels = models.map((model, column) => {
      const { left, ...panel } = grid.panel(row, column);
      const cases = rows.filter((candidate) => candidate.dataSet === dataSet.name && candidate.model === model);
      return casePanel({ dataSet, table, model, cases, panel: { ...panel, left: left + axisWidth } });
    });
    return markup`${rowHeading(dataSet.name, below, grid.panel(row, 0))}${panels}`;
  });
  return markup`<svg viewBox="0 0 ${grid.width} ${grid.height}" role="img" aria-label="Volume error of each case against its true volume">
${columnHeadings(models, grid)}${content}</svg>`;
}

function casePanel({
  dataSet,
  table,
  model,
  cases,
  panel,
}: {
  readonly dataSet: ResultsDataSet;
  readonly table: Results;
  readonly model: string;
  readonly cases: readonly EvaluationRow[];
  readonly panel: Panel;
}): Markup {
  const { left, right, top, bottom } = panel;
  const frame = markup`<rect class="panel" x="${coordinate(left)}" y="${top}" width="${coordinate(right - left)}" height="${bottom - top}"/>`;
  if (cases.length === 0) {
    const x = coordinate((left + right) / 2);
    return markup`${frame}<text class="note" x="${x}" y="${(top + bottom) / 2}" text-anchor="middle">no results</text>`;
  }
  const across: Scale = {
    domain: paddedDomain(
      cases.map((row) => row.truthVolume),
      0.05,
    ),
    range: [left, right],
  };
  const up: Scale = {
    domain: paddedDomain(
      cases.map((row) => row.volumeError),
      0.1,
    ),
    range: [bottom, top],
  };
  const xTicks = niceTicks(across.domain, 4).map(({ value, label }) => {
    const x = coordinate(scaled(across, value));
    return markup`<text class="tick" x="${x}" y="${bottom + 14}" text-anchor="middle">${label}</text>`;
  });
  const yTicks = niceTicks(up.domain, 4).map(({ value, label }) => {
    const y = scaled(up, value);
    return markup`<path class="grid" d="M${coordinate(left)} ${coordinate(y)}H${coordinate(right)}"/><text class="tick" x="${coordinate(left - 4)}" y="${coordinate(y + 4)}" text-anchor="end">${label}</text>`;
  });
  const zero = coordinate(scaled(up, 0));
  const dots = table.losses.map((loss, position) => lossDots({ cases, loss, position, across, up }));
  const means = table.losses.map((loss, position) => {
    const mean = dataSet.arms.find((arm) => arm.model === model && arm.loss === loss)?.cells.volumeError.mean ?? null;
    if (mean === null) return nothing;
    return markup`<path class="mean loss-${position % 4}" d="M${coordinate(left)} ${coordinate(scaled(up, mean))}H${coordinate(right)}"/>`;
  });
  return markup`<g>${frame}${yTicks}${xTicks}<path class="zero" d="M${coordinate(left)} ${zero}H${coordinate(right)}"/>${dots}${means}</g>
`;
}

/** All dots of a loss as one path of points without length: round or square by the line's cap. A tenth of the bytes. */
function lossDots({
  cases,
  loss,
  position,
  across,
  up,
}: {
  readonly cases: readonly EvaluationRow[];
  readonly loss: string;
  readonly position: number;
  readonly across: Scale;
  readonly up: Scale;
}): Markup {
  const points = cases
    .filter((row) => row.loss === loss)
    .toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1))
    .map((row) => `M${coordinate(scaled(across, row.truthVolume))} ${coordinate(scaled(up, row.volumeError))}h0`);
  return markup`<path class="dots loss-${position % 4}" d="${points.join('')}"/>`;
}
