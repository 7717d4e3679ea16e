import { unitLabel } from '../evaluate/voxel-size.js';
import type { TheoryPrediction } from '../results/results-input.js';
import type { Results, ResultsArm, ResultsDataSet } from '../results/results.js';
import { columnHeadings, figureGrid, rowHeading, type Panel } from './figure-grid.js';
import { coordinate, niceTicks, paddedDomain, scaled, type Scale } from './figure-scale.js';
import { lossMark } from './loss-mark.js';
import { markup, nothing, type Markup } from './page/markup.js';
import { markText } from './table1/table1-labels.js';
import { counted, formatSigned } from './words/format-number.js';
import { lossShort } from './words/labels.js';

const labelWidth = 190;
const laneHeight = 44;

/**
 * The mean volume error of each arm with its interval, beside the theory's prediction: rows of data sets, columns of
 * models, in each panel one lane a loss and a scale of its own. An SVG element without a size of its own.
 */
export function biasFigure(table: Results): Markup {
  const panelHeight = table.losses.length * laneHeight + 6;
  const { dataSets, models } = table;
  const grid = figureGrid({ rows: dataSets.length, columns: models.length, labelWidth, panelHeight, axis: 40 });
  const rows = dataSets.map((dataSet, row) => {
    const heading = rowHeading(
      dataSet.name,
      [`ΔV in ${unitLabel(dataSet.unit)}`, counted(dataSet.measuredCases, 'case')],
      grid.panel(row, 0),
    );
    const panels = models.map((model, column) =>
      biasPanel({
        dataSet,
        model,
        panel: grid.panel(row, column),
        withLossNames: column === 0,
        table,
      }),
    );
    return markup`${heading}${panels}`;
  });
  const label = 'Mean volume error of each model and loss, with interval and the prediction of the theory';
  return markup`<svg viewBox="0 0 ${grid.width} ${grid.height}" role="img" aria-label="${label}">
${columnHeadings(models, grid)}${models.map((_, column) => sideHeadings(grid.panel(0, column)))}${rows}</svg>`;
}

function sideHeadings({ left, right }: Panel): Markup {
  const [start, end] = [coordinate(left), coordinate(right)];
  return markup`<text class="note" x="${start}" y="16">◂ too small</text><text class="note" x="${end}" y="16" text-anchor="end">too large ▸</text>`;
}

interface BiasPanelInput {
  readonly table: Results;
  readonly dataSet: ResultsDataSet;
  readonly model: string;
  readonly panel: Panel;
  readonly withLossNames: boolean;
}

function biasPanel(input: BiasPanelInput): Markup {
  const { dataSet, model, panel, table } = input;
  const arms = dataSet.arms.filter((arm) => arm.model === model);
  const predictions = table.source.theory.filter((prediction) => prediction.dataSet === dataSet.name);
  const values = arms.flatMap(({ cells: { volumeError } }) => [
    volumeError.mean ?? 0,
    ...(volumeError.againstZero?.interval ?? []),
  ]);
  const domain = paddedDomain([...values, ...predictions.map((prediction) => prediction.predictedBias)], 0.12);
  const scale = { domain, range: [panel.left, panel.right] } as const;
  const lanes = arms.map((arm) => {
    const lane = table.losses.indexOf(arm.loss);
    const y = panel.top + 3 + (lane + 0.56) * laneHeight;
    return biasLane({ ...input, arm, lane, y, scale, prediction: predictions.find((p) => p.loss === arm.loss) });
  });
  return markup`<g>${panelFrame(panel, scale)}${lanes}</g>
`;
}

/** Background (one shade where volumes are too small, one where too large), zero line and scale. */
function panelFrame({ left, right, top, bottom }: Panel, scale: Scale): Markup {
  const zero = scaled(scale, 0);
  const ticks = niceTicks(scale.domain, 4).map(({ value, label }) => {
    const x = coordinate(scaled(scale, value));
    return markup`<path class="grid" d="M${x} ${top}V${bottom}"/><text class="tick" x="${x}" y="${bottom + 14}" text-anchor="middle">${label}</text>`;
  });
  const size = (from: number, to: number): string => coordinate(Math.max(0, to - from));
  return markup`<rect class="under" x="${coordinate(left)}" y="${top}" width="${size(left, zero)}" height="${bottom - top}"/>
<rect class="over" x="${coordinate(zero)}" y="${top}" width="${size(zero, right)}" height="${bottom - top}"/>
${ticks}<path class="zero" d="M${coordinate(zero)} ${top}V${bottom}"/>`;
}

interface BiasLaneInput extends BiasPanelInput {
  readonly arm: ResultsArm;
  readonly lane: number;
  readonly y: number;
  readonly scale: Scale;
  readonly prediction: TheoryPrediction | undefined;
}

function biasLane(input: BiasLaneInput): Markup {
  const { panel, withLossNames, arm, lane, y, scale, prediction } = input;
  const { mean, againstZero, mark } = arm.cells.volumeError;
  const name = withLossNames
    ? markup`<text class="loss-name loss-${lane % 4}" x="${panel.left - 8}" y="${coordinate(y + 4)}" text-anchor="end">${lossShort(arm.loss)}</text>`
    : nothing;
  const theory = prediction === undefined ? nothing : theoryMark(scaled(scale, prediction.predictedBias), y);
  if (mean === null) {
    const x = coordinate(scaled(scale, 0) + 6);
    return markup`${name}${theory}<text class="note" x="${x}" y="${coordinate(y + 4)}">no results</text>`;
  }
  const x = scaled(scale, mean);
  const ends = (againstZero?.interval ?? []).map((value) => scaled(scale, value));
  const low = coordinate(ends[0] ?? x);
  const high = coordinate(ends[1] ?? x);
  const marks = markText(mark);
  const label = valueLabel({ x, zero: scaled(scale, 0), panel });
  const labelY = coordinate(y - 10);
  return markup`${name}<g class="loss-${lane % 4}">
<path class="stem" d="M${coordinate(scaled(scale, 0))} ${coordinate(y)}H${coordinate(x)}"/>
<path class="whisker" d="M${low} ${coordinate(y)}H${high}M${low} ${coordinate(y - 4)}v8M${high} ${coordinate(y - 4)}v8"/>
${lossMark(lane, x, y)}<text class="value" x="${coordinate(label.x)}" y="${labelY}" text-anchor="${label.anchor}">${formatSigned(mean)}${marks}</text></g>${theory}`;
}

/** Where a value's text stands over its mark: centred, but off the zero line and inside the panel. */
function valueLabel({ x, zero, panel }: { readonly x: number; readonly zero: number; readonly panel: Panel }): {
  readonly x: number;
  readonly anchor: 'start' | 'middle' | 'end';
} {
  const half = 34; // of the widest text, such as −123.4▼†
  if (Math.abs(x - zero) < half) {
    return zero + 2 * half < panel.right ? { x: zero + 5, anchor: 'start' } : { x: zero - 5, anchor: 'end' };
  }
  if (x + half > panel.right) return { x: panel.right - 3, anchor: 'end' };
  return x - half < panel.left ? { x: panel.left + 3, anchor: 'start' } : { x, anchor: 'middle' };
}

/** The theory's mark: a hollow diamond below the lane with a stroke across it, which leaves the measured mark free. */
function theoryMark(x: number, y: number): Markup {
  return markup`<path class="theory" d="M${coordinate(x)} ${coordinate(y - 7)}V${coordinate(y + 9)}l5 5 -5 5 -5 -5 5 -5"/>`;
}
