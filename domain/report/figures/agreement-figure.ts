import { caseMeans } from '../../evaluate/case-means.js';
import type { EvaluationRow } from '../../evaluate/evaluation-row.js';
import { unitLabel } from '../../evaluate/voxel-size.js';
import { bottomAxis, leftAxis } from '../../figures/axis.js';
import { curvePath, dotPath, type Point, type Scales } from '../../figures/curve.js';
import type { Figure } from '../../figures/figure.js';
import { columnHeadings, rowHeading } from '../../figures/headings.js';
import type { Panel } from '../../figures/panel-grid.js';
import { linearScale, paddedDomain, ticksOf } from '../../figures/scale.js';
import { seriesClass } from '../../figures/series-mark.js';
import { box, coordinate, horizontal, words } from '../../figures/shapes.js';
import { markup, type Markup } from '../../markup/markup.js';
import { judgedVolumes } from '../../results/judged-volumes.js';
import type { Results, ResultsArm } from '../../results/results.js';
import { judgedError } from '../../results/verdict-of.js';
import { formatSigned, withUnit } from '../words/format-number.js';
import { modelLabel } from '../words/labels.js';
import { lineClasses } from './agreement-meanings.js';
import { figureOfRows, reportGrid } from './report-grid.js';

const axisWidth = 34;
/** Of a panel's right edge, for all whiskers: two columns for each loss. */
const whiskersWidth = 90;
/** From a column to the next, with few losses. */
const widestColumn = 9;

/** A level line and its interval, whose whisker stands in the first or second column of its loss. */
interface Line {
  readonly name: string;
  readonly value: number;
  readonly interval: readonly number[];
  readonly whisker: string;
  readonly column: 0 | 1;
}

/** What a panel shows of an arm. */
interface Series {
  readonly position: number;
  /** A case each: the mean of its two volumes, their difference, and what the dot says. */
  readonly cases: readonly (Point & { readonly title: string })[];
  /** The mean difference and the limits of agreement, each with its interval. */
  readonly lines: readonly Line[];
  /** The fitted line of the proportional bias; empty if there is none. */
  readonly slope: readonly Point[];
}

/**
 * Bland and Altman's figure: the difference predicted − true of each case against the mean of both volumes, with the mean difference,
 * the limits of agreement and the line of the proportional bias of each loss. Rows: data sets; columns: models. Each
 * panel has its own scales; intervals are at its right edge, those of the mean and those of the limits in columns of their own.
 */
export function agreementFigure({ dataSets, models, losses, source: { rows } }: Results): Figure {
  const grid = reportGrid({ rows: dataSets.length, columns: models.length, panelHeight: 170, below: 46 });
  const drawn = dataSets.map((dataSet, row) => {
    const unit = unitLabel(dataSet.unit);
    const below = ['y: predicted − true', `x: mean of both, in ${unit}`];
    const ofDataSet = rows.filter((candidate) => candidate.dataSet === dataSet.name);
    const panels = models.map((model, column) => {
      const series = dataSet.arms.flatMap((arm) => {
        if (arm.model !== model || arm.cases === 0) return [];
        const own = ofDataSet.filter((candidate) => candidate.model === model && candidate.loss === arm.loss);
        return seriesOf(arm, { position: losses.indexOf(arm.loss), rows: caseMeans(own) });
      });
      const { left, ...panel } = grid.panel(row, column);
      return agreementPanel(series, { ...panel, left: left + axisWidth });
    });
    const content = markup`${rowHeading(dataSet.name, below, grid.panel(row, 0))}${panels}`;
    return { name: dataSet.name, content };
  });
  return figureOfRows(drawn, {
    grid,
    label: 'Difference of predicted and true volume of each case against the mean of both, with limits of agreement',
    headings: columnHeadings(models.map(modelLabel), grid),
  });
}

function seriesOf(
  arm: ResultsArm,
  { position, rows }: { readonly position: number; readonly rows: readonly EvaluationRow[] },
): Series {
  const cases = rows.map((row) => {
    const { truth, predicted } = judgedVolumes(row);
    const difference = predicted - truth;
    const title = `${row.caseId}, ${withUnit(formatSigned(difference), row.unit)}`;
    return { x: (truth + predicted) / 2, y: difference, title };
  });
  const { mean, againstZero } = judgedError(arm);
  const { lowerLimit, upperLimit, slope } = arm.agreement ?? {};
  const ofMean = { name: lineClasses.mean, whisker: lineClasses.meanInterval, column: 0 } as const;
  const ofLimit = { name: lineClasses.limit, whisker: lineClasses.limitInterval, column: 1 } as const;
  const lines = [
    ...(mean === null ? [] : [{ ...ofMean, value: mean, interval: againstZero?.interval ?? [] }]),
    ...[lowerLimit, upperLimit].flatMap((limit) =>
      limit === undefined ? [] : { ...ofLimit, value: limit.value, interval: limit.interval ?? [] },
    ),
  ];
  return { position, cases, lines, slope: slope == null || mean === null ? [] : fitted(cases, mean, slope.value) };
}

/** The line of a slope through the cases' centre, from the least to the greatest mean volume. */
function fitted(cases: readonly Point[], mean: number, slope: number): Point[] {
  const xs = cases.map(({ x }) => x).toSorted((a, b) => a - b);
  const centre = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  return [xs[0], xs.at(-1)].flatMap((x) => (x === undefined ? [] : { x, y: mean + slope * (x - centre) }));
}

function agreementPanel(series: readonly Series[], panel: Panel): Markup {
  const { left, right, top, bottom } = panel;
  const frame = box('panel', panel);
  if (series.length === 0) {
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2, anchor: 'middle' } as const;
    return markup`${frame}${words('note', 'no results', middle)}`;
  }
  const heights = series.flatMap(({ cases, lines }) => [
    ...cases.map(({ y }) => y),
    ...lines.flatMap(({ value, interval }) => [value, ...interval]),
  ]);
  const columnWidth = Math.min(widestColumn, whiskersWidth / (2 * series.length + 1));
  const edge = right - columnWidth * (2 * series.length + 1);
  const widths = series.flatMap(({ cases }) => cases.map(({ x }) => x));
  const scales = {
    x: linearScale(paddedDomain(widths, 0.05), [left, edge]),
    y: linearScale(paddedDomain(heights, 0.06), [bottom, top]),
  };
  const axes = [
    leftAxis(panel, scales.y, { ticks: ticksOf(scales.y), lines: 'grid' }),
    bottomAxis(panel, scales.x, { ticks: ticksOf(scales.x) }),
  ];
  const drawn = series.map((one, place) => {
    const columns = [1, 2].map((column) => edge + columnWidth * (2 * place + column));
    return seriesMarkup(one, { scales, panel, columns });
  });
  return markup`<g>${frame}${axes}${horizontal('zero', scales.y(0), panel)}${drawn}</g>
`;
}

function seriesMarkup(
  { position, cases, lines, slope }: Series,
  { scales, panel, columns }: { readonly scales: Scales; readonly panel: Panel; readonly columns: readonly number[] },
): Markup {
  const own = seriesClass(position);
  const dots = cases.map((one) => markup`<path d="${dotPath(one, scales)}"><title>${one.title}</title></path>`);
  const drawn = lines.map(({ name, value, interval, whisker, column }) => {
    const [low, high] = interval.map((end) => scales.y(end));
    const line = horizontal(name, scales.y(value), panel);
    if (low === undefined || high === undefined) return line;
    return markup`${line}${upright(whisker, columns[column] ?? NaN, low, high)}`;
  });
  const fit = slope.length === 0 ? [] : [markup`<path class="${lineClasses.slope}" d="${curvePath(slope, scales)}"/>`];
  return markup`<g class="${own}"><g class="dots ${own}">${dots}</g>${drawn}${fit}</g>`;
}

/** An interval: an upright line with a cap at each end. */
function upright(name: string, x: number, low: number, high: number): Markup {
  const [from, to, left] = [coordinate(low), coordinate(high), coordinate(x - 3)];
  return markup`<path class="${name}" d="M${coordinate(x)} ${from}V${to}M${left} ${from}h6M${left} ${to}h6"/>`;
}
