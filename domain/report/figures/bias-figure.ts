import { unitLabel } from '../../evaluate/voxel-size.js';
import { bottomAxis } from '../../figures/axis.js';
import type { Figure } from '../../figures/figure.js';
import { columnHeadings, rowHeading } from '../../figures/headings.js';
import type { Panel } from '../../figures/panel-grid.js';
import { linearScale, paddedDomain, ticksOf, type Scale } from '../../figures/scale.js';
import { seriesClass, seriesMark } from '../../figures/series-mark.js';
import { box, coordinate, horizontal, vertical, words, type Place } from '../../figures/shapes.js';
import type { Results, ResultsArm, ResultsDataSet } from '../../results/results.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { markText } from '../table1/table1-labels.js';
import { counted, formatSigned, withUnit } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { figureOfRows, reportGrid } from './report-grid.js';

const laneHeight = 44;

/**
 * The mean volume error of each arm with its interval and the theory's prediction. Rows: data sets; columns: models.
 * Each panel has one lane per loss and its own scale. Each mark's title says where the mean comes from.
 */
export function biasFigure({ dataSets, models, losses }: Results, trace: TraceWords): Figure {
  const panelHeight = losses.length * laneHeight + 6;
  const grid = reportGrid({ rows: dataSets.length, columns: models.length, panelHeight, below: 40 });
  const rows = dataSets.map((dataSet, row) => {
    const below = [`ΔV in ${unitLabel(dataSet.unit)}`, counted(dataSet.measuredCases, 'case')];
    const panels = models.map((model, column) =>
      biasPanel({ losses, dataSet, model, trace, panel: grid.panel(row, column), withLossNames: column === 0 }),
    );
    const content = markup`${rowHeading(dataSet.name, below, grid.panel(row, 0))}${panels}`;
    return { name: dataSet.name, content };
  });
  const sides = models.map((_, column) => sideHeadings(grid.panel(0, column)));
  return figureOfRows(rows, {
    grid,
    label: 'Mean volume error of each model and loss, with confidence interval and theoretical prediction',
    headings: [...columnHeadings(models.map(modelLabel), grid), ...sides],
  });
}

function sideHeadings({ left, right, top }: Panel): Markup {
  const small = words('note', '◂ too small', { x: left, y: top - 18 });
  const large = words('note', 'too large ▸', { x: right, y: top - 18, anchor: 'end' });
  return markup`${small}${large}`;
}

interface BiasPanelInput {
  readonly losses: readonly string[];
  readonly dataSet: ResultsDataSet;
  readonly model: string;
  readonly trace: TraceWords;
  readonly panel: Panel;
  readonly withLossNames: boolean;
}

function biasPanel(input: BiasPanelInput): Markup {
  const { losses, dataSet, model, panel } = input;
  const arms = dataSet.arms.filter((arm) => arm.model === model);
  const values = arms.flatMap(({ theoryBias, cells: { volumeError } }) => [
    volumeError.mean ?? 0,
    ...(volumeError.againstZero?.interval ?? []),
    ...(theoryBias === null ? [] : [theoryBias.realised]),
  ]);
  const domain = paddedDomain(values, 0.12);
  const scale = linearScale(domain, [panel.left, panel.right]);
  const lanes = arms.map((arm) => {
    const lane = losses.indexOf(arm.loss);
    const y = panel.top + 3 + (lane + 0.56) * laneHeight;
    return biasLane({ ...input, arm, lane, y, scale });
  });
  const zero = scale(0);
  const sides = [box('under', { ...panel, right: zero }), box('over', { ...panel, left: zero })];
  const axis = bottomAxis(panel, scale, { ticks: ticksOf(scale), lines: 'grid' });
  return markup`<g>${sides}${axis}${vertical('zero', zero, panel)}${lanes}</g>
`;
}

interface BiasLaneInput extends BiasPanelInput {
  readonly arm: ResultsArm;
  readonly lane: number;
  readonly y: number;
  readonly scale: Scale;
}

function biasLane(input: BiasLaneInput): Markup {
  const { dataSet, trace, panel, withLossNames, arm, lane, y, scale } = input;
  const { mean, againstZero, mark } = arm.cells.volumeError;
  const name = withLossNames
    ? words(`series-name ${seriesClass(lane)}`, lossShort(arm.loss), { x: panel.left - 8, y: y + 4, anchor: 'end' })
    : nothing;
  const theory = arm.theoryBias === null ? nothing : theoryMark(scale(arm.theoryBias.realised), y);
  const zero = scale(0);
  if (mean === null) return markup`${name}${theory}${words('note', 'no results', { x: zero + 6, y: y + 4 })}`;
  const x = scale(mean);
  const [low, high] = againstZero?.interval ?? [mean, mean];
  const value = words('value', `${formatSigned(mean)}${markText(mark)}`, valuePlace({ x, y, zero, panel }));
  const origin = trace.ofMean({ dataSet: dataSet.name, ...arm }, 'volumeError');
  return markup`${name}<g class="${seriesClass(lane)}"><title>ΔV ${withUnit(formatSigned(mean), dataSet.unit)}: ${origin}</title>
${horizontal('stem', y, { left: zero, right: x })}${whisker(scale(low), scale(high), y)}
${seriesMark(lane, x, y)}${value}</g>${theory}`;
}

/** An interval: a line with a cap at each end. */
function whisker(low: number, high: number, y: number): Markup {
  const [from, to, top] = [coordinate(low), coordinate(high), coordinate(y - 4)];
  return markup`<path class="whisker" d="M${from} ${coordinate(y)}H${to}M${from} ${top}v8M${to} ${top}v8"/>`;
}

interface ValueInput {
  readonly x: number;
  readonly y: number;
  readonly zero: number;
  readonly panel: Panel;
}

/** Position of a value's text above its mark: centred, but clear of the zero line and inside the panel. */
function valuePlace({ x, y: lane, zero, panel }: ValueInput): Place {
  const half = 34; // of the widest text, such as −123.4▼†
  const y = lane - 10;
  if (Math.abs(x - zero) < half) {
    return zero + 2 * half < panel.right ? { x: zero + 5, y } : { x: zero - 5, y, anchor: 'end' };
  }
  if (x + half > panel.right) return { x: panel.right - 3, y, anchor: 'end' };
  return x - half < panel.left ? { x: panel.left + 3, y } : { x, y, anchor: 'middle' };
}

/**
 * The theory's mark: a hollow diamond below the lane with a line crossing the lane, so that the measured mark stays
 * visible.
 */
function theoryMark(x: number, y: number): Markup {
  return markup`<path class="theory" d="M${coordinate(x)} ${coordinate(y - 7)}V${coordinate(y + 9)}l5 5 -5 5 -5 -5 5 -5"/>`;
}
