import { bottomAxis, leftAxis } from '../../figures/axis.js';
import { curvePath, thinCurve, type Point, type Scales } from '../../figures/curve.js';
import type { Figure } from '../../figures/figure.js';
import { columnHeadings, rowHeading } from '../../figures/headings.js';
import type { Panel } from '../../figures/panel-grid.js';
import { linearScale, paddedDomain, ticksOf, type Scale } from '../../figures/scale.js';
import { seriesClass } from '../../figures/series-mark.js';
import { box, coordinate, vertical, words } from '../../figures/shapes.js';
import type { Results } from '../../results/results.js';
import { markup, type Markup } from '../../markup/markup.js';
import { medianCurve } from '../learning/median-curve.js';
import type { TrainingCurve } from '../learning/training-curve.js';
import { counted } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { rateStrip } from './rate-strip.js';
import { figureOfRows, reportGrid } from './report-grid.js';

const axisWidth = 34;
/** Of the learning rates below the losses, and of the space between the two. */
const strip = { gap: 6, height: 26 } as const;
/** Panels are about 250 wide: more points than this cannot be told apart. */
const mostPoints = 120;

/**
 * The losses of each training on training cases (dashed) and on validation cases by epoch, and below them its learning
 * rate: a thin line for each training, a bold one for their median. Rows: data sets and losses; columns: models. Each panel
 * has its own scales. Dots mark the chosen epochs, and ticks where the learning rate drops and where a training ends.
 */
export function learningFigure(
  { dataSets, models, losses }: Pick<Results, 'dataSets' | 'models' | 'losses'>,
  trainings: readonly TrainingCurve[],
  trace: TraceWords,
): Figure {
  const rows = dataSets.flatMap(({ name }) => losses.map((loss) => ({ dataSet: name, loss })));
  const below = strip.gap + strip.height + 34;
  const grid = reportGrid({ rows: rows.length, columns: models.length, panelHeight: 110, below });
  const drawn = rows.map(({ dataSet, loss }, row) => {
    const ofRow = trainings.filter((training) => training.dataSet === dataSet && training.loss === loss);
    const notes = [`loss: ${lossShort(loss)}`, counted(ofRow.length, 'training'), 'below: learning rate', 'x: epoch'];
    const panels = models.map((model, column) => {
      const { left, ...panel } = grid.panel(row, column);
      const own = ofRow.filter((training) => training.model === model);
      return learningPanel(own, { series: losses.indexOf(loss), trace, panel: { ...panel, left: left + axisWidth } });
    });
    const content = markup`${rowHeading(dataSet, notes, grid.panel(row, 0))}${panels}`;
    return { name: `${dataSet}, ${lossShort(loss)}`, content };
  });
  return figureOfRows(drawn, {
    grid,
    label: 'Losses on training and validation cases and learning rate of each training by epoch',
    headings: columnHeadings(models.map(modelLabel), grid),
  });
}

interface Place {
  readonly series: number;
  readonly trace: TraceWords;
  readonly panel: Panel;
}

function learningPanel(trainings: readonly TrainingCurve[], { series, trace, panel }: Place): Markup {
  const { left, right, top, bottom } = panel;
  const frame = box('panel', panel);
  if (trainings.length === 0) {
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2, anchor: 'middle' } as const;
    return markup`${frame}${words('note', 'no results', middle)}`;
  }
  const all = trainings.flatMap(({ history }) => history);
  const epochs = Math.max(...trainings.map(({ history }) => history.length));
  const x = linearScale([1, Math.max(2, epochs)], [left, right]);
  const values = all.flatMap(({ trainingLoss, validationLoss }) => [trainingLoss, validationLoss]);
  const y = linearScale(paddedDomain(values, 0.05), [bottom, top]);
  const scales = { x, y };
  const below: Panel = { left, right, top: bottom + strip.gap, bottom: bottom + strip.gap + strip.height };
  const epochTicks = ticksOf(x, 4, 'trimmed').filter(({ value }) => Number.isInteger(value));
  return markup`<g>${frame}${leftAxis(panel, y, { ticks: ticksOf(y), lines: 'grid' })}${bottomAxis(below, x, { ticks: epochTicks })}
<g class="${seriesClass(series)}">${trainings.map((training) => trainingLines(training, { scales, panel, trace }))}
${boldLine(trainings, 'trainingLoss', scales)}${boldLine(trainings, 'validationLoss', scales)}${rateStrip(trainings, x, below)}</g></g>
`;
}

type LossName = 'trainingLoss' | 'validationLoss';

const dashOf = { trainingLoss: 'dash-1', validationLoss: 'dash-0' } as const satisfies Record<LossName, string>;

function pointsOf({ history }: TrainingCurve, name: LossName): Point[] {
  return history.map((row) => ({ x: row.epoch, y: row[name] }));
}

/** The thin lines of a training, with the marks on that of validation. */
function trainingLines(
  training: TrainingCurve,
  { scales, panel, trace }: Omit<Place, 'series'> & { readonly scales: Scales },
): Markup {
  const { unit, history, bestEpoch, stoppedBecause } = training;
  const title = `${unit}: epoch ${bestEpoch} of ${history.length} chosen; ended ${reasons[stoppedBecause]}: ${trace.ofTraining(unit)}`;
  const lines = (['trainingLoss', 'validationLoss'] as const).map(
    (name) => markup`<path class="curve thin soft ${dashOf[name]}" d="${linePath(pointsOf(training, name), scales)}"/>`,
  );
  const at = (epoch: number): { x: number; y: number } => ({
    x: scales.x(epoch),
    y: scales.y(history[epoch - 1]?.validationLoss ?? 0),
  });
  const drops = history.filter(({ learningRate }, index) => learningRate < (history[index - 1]?.learningRate ?? 0));
  const ticks = drops.map(({ epoch }) => tickAt(at(epoch), 3, panel));
  const chosen = at(bestEpoch);
  return markup`<g><title>${title}</title>${lines}${ticks}${tickAt(at(history.length), 6, panel)}<circle class="mark" cx="${coordinate(chosen.x)}" cy="${coordinate(chosen.y)}" r="2.5"/></g>`;
}

const reasons: Readonly<Record<TrainingCurve['stoppedBecause'], string>> = {
  maxEpochs: 'with the last epoch that the config allows',
  noImprovement: 'because the validation loss no longer fell',
};

/** A vertical line of twice the length, centred, within the panel. */
function tickAt({ x, y }: { readonly x: number; readonly y: number }, half: number, { top, bottom }: Panel): Markup {
  return vertical('whisker', x, { top: Math.max(top, y - half), bottom: Math.min(bottom, y + half) });
}

function boldLine(trainings: readonly TrainingCurve[], name: LossName, scales: Scales): Markup {
  const medians = medianCurve(trainings.map((training) => pointsOf(training, name)));
  return markup`<path class="curve ${dashOf[name]}" d="${linePath(medians, scales)}"/>`;
}

/** Every n-th point, so that a line has few enough, and the last one; of those, what a straight line does not give. */
function linePath(points: readonly Point[], scales: Scales): string {
  const step = Math.ceil(points.length / mostPoints);
  const some = points.filter((_, index) => index % step === 0 || index === points.length - 1);
  return curvePath(thinCurve(some, lossPerUnit(scales.y) / 4), scales);
}

/** The difference in loss that is one unit of the figure. */
function lossPerUnit(y: Scale): number {
  return Math.abs(y.invert(1) - y.invert(0));
}
