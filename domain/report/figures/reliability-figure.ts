import { bottomAxis, leftAxis } from '../../figures/axis.js';
import { curvePath, type Scales } from '../../figures/curve.js';
import type { Figure } from '../../figures/figure.js';
import { columnHeadings, rowHeading } from '../../figures/headings.js';
import type { Panel } from '../../figures/panel-grid.js';
import { linearScale, ticksOf } from '../../figures/scale.js';
import { seriesClass, seriesMark } from '../../figures/series-mark.js';
import { box, words } from '../../figures/shapes.js';
import { markup, type Markup } from '../../markup/markup.js';
import type { CalibrationBin } from '../../results/calibration-of.js';
import type { Results } from '../../results/results.js';
import { counted, formatBrief, formatNumber } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { figureOfRows, reportGrid } from './report-grid.js';

const axisWidth = 34;
/** Areas of the marks of bins without volume and with all of it. */
const [smallestMark, largestMark] = [6, 260] as const;

/** What a panel shows of an arm. */
interface Series {
  readonly position: number;
  readonly name: string;
  readonly bins: readonly CalibrationBin[];
}

/**
 * Reliability diagrams: the observed share of structure among the voxels of each bin of predicted probability, one line for
 * each loss, with the diagonal of calibrated predictions. The area of a mark grows with its share of the predicted volume.
 * Rows: data sets; columns: models.
 */
export function reliabilityFigure({ dataSets, models, losses }: Results, trace: TraceWords): Figure {
  const grid = reportGrid({ rows: dataSets.length, columns: models.length, panelHeight: 170, below: 40 });
  const rows = dataSets.map((dataSet, row) => {
    const panels = models.map((model, column) => {
      const series = dataSet.arms.flatMap((arm) =>
        arm.model !== model || arm.calibration === null
          ? []
          : { position: losses.indexOf(arm.loss), name: lossShort(arm.loss), bins: arm.calibration.bins },
      );
      const { left, ...panel } = grid.panel(row, column);
      return reliabilityPanel(series, { ...panel, left: left + axisWidth }, trace.ofUnit(dataSet.name, 'join'));
    });
    const heading = rowHeading(dataSet.name, ['y: observed share', 'x: probability ŷ'], grid.panel(row, 0));
    return { name: dataSet.name, content: markup`${heading}${panels}` };
  });
  return figureOfRows(rows, {
    grid,
    label: 'Observed share of structure by predicted probability, for each model and loss',
    headings: columnHeadings(models.map(modelLabel), grid),
  });
}

function reliabilityPanel(series: readonly Series[], panel: Panel, origin: string): Markup {
  const { left, right, top, bottom } = panel;
  const frame = box('panel', panel);
  if (series.length === 0) {
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2, anchor: 'middle' } as const;
    return markup`${frame}${words('note', 'no results', middle)}`;
  }
  const scales = { x: linearScale([0, 1], [left, right]), y: linearScale([0, 1], [bottom, top]) };
  const axes = [
    leftAxis(panel, scales.y, { ticks: ticksOf(scales.y), lines: 'grid' }),
    bottomAxis(panel, scales.x, { ticks: ticksOf(scales.x) }),
  ];
  const ends = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  const diagonal = markup`<path class="axis dash-1" d="${curvePath(ends, scales)}"/>`;
  return markup`<g>${frame}${axes}${diagonal}${series.map((one) => seriesMarkup(one, scales, origin))}</g>
`;
}

function seriesMarkup({ position, name, bins }: Series, scales: Scales, origin: string): Markup {
  const points = bins.map(({ predicted, observed }) => ({ x: predicted, y: observed }));
  const marks = bins.map((bin) => {
    const area = smallestMark + bin.volumeShare * (largestMark - smallestMark);
    const title = `${name}, ${titleOf(bin)}: ${origin}`;
    return markup`<g><title>${title}</title>${seriesMark(position, scales.x(bin.predicted), scales.y(bin.observed), area)}</g>`;
  });
  return markup`<g class="${seriesClass(position)}"><path class="curve thin" d="${curvePath(points, scales)}"/>${marks}</g>`;
}

function titleOf({ lowest, highest, voxels, predicted, observed, volumeShare }: CalibrationBin): string {
  const share = `${formatBrief(100 * volumeShare)} % of the predicted volume`;
  return `ŷ from ${lowest} to ${highest}: mean ${formatNumber(predicted)}, observed ${formatNumber(observed)} in ${counted(voxels, 'voxel')}, ${share}`;
}
