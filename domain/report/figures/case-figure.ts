import { caseMeans } from '../../evaluate/case-means.js';
import { reachableVolume } from '../../evaluate/evaluate-case.js';
import type { EvaluationRow } from '../../evaluate/evaluation-row.js';
import { unitLabel } from '../../evaluate/voxel-size.js';
import { bottomAxis, leftAxis } from '../../figures/axis.js';
import { dotPath, type Scales } from '../../figures/curve.js';
import type { Figure } from '../../figures/figure.js';
import { columnHeadings, rowHeading } from '../../figures/headings.js';
import type { Panel } from '../../figures/panel-grid.js';
import { linearScale, paddedDomain, ticksOf } from '../../figures/scale.js';
import { seriesClass } from '../../figures/series-mark.js';
import { box, horizontal, words } from '../../figures/shapes.js';
import type { Results, ResultsDataSet } from '../../results/results.js';
import { markup, type Markup } from '../../markup/markup.js';
import { formatSigned, withUnit } from '../words/format-number.js';
import { modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { figureOfRows, reportGrid } from './report-grid.js';

const axisWidth = 34;

/**
 * Volume error against true volume, one dot per case (its mean over repeats): shows whether the bias depends on structure size, and whether a
 * few outliers dominate a mean. Rows: data sets; columns: models. Each panel has its own scales and a dashed line at
 * each loss's mean. Each dot's title names the case and says where its value comes from.
 */
export function caseFigure({ dataSets, models, losses, source: { rows } }: Results, trace: TraceWords): Figure {
  const grid = reportGrid({ rows: dataSets.length, columns: models.length, panelHeight: 150, below: 46 });
  const drawn = dataSets.map((dataSet, row) => {
    const unit = unitLabel(dataSet.unit);
    const heading = rowHeading(dataSet.name, [`y: ΔV in ${unit}`, `x: true volume in ${unit}`], grid.panel(row, 0));
    const panels = models.map((model, column) => {
      const { left, ...panel } = grid.panel(row, column);
      const ofModel = rows.filter((candidate) => candidate.dataSet === dataSet.name && candidate.model === model);
      const cases = losses.flatMap((loss) => caseMeans(ofModel.filter((candidate) => candidate.loss === loss)));
      return casePanel({ dataSet, losses, model, cases, trace, panel: { ...panel, left: left + axisWidth } });
    });
    return { name: dataSet.name, content: markup`${heading}${panels}` };
  });
  return figureOfRows(drawn, {
    grid,
    label: 'Volume error of each case against its true volume',
    headings: columnHeadings(models.map(modelLabel), grid),
  });
}

interface CasePanelInput {
  readonly dataSet: ResultsDataSet;
  readonly losses: readonly string[];
  readonly model: string;
  readonly cases: readonly EvaluationRow[];
  readonly trace: TraceWords;
  readonly panel: Panel;
}

function casePanel({ dataSet, losses, model, cases, trace, panel }: CasePanelInput): Markup {
  const { left, right, top, bottom } = panel;
  const frame = box('panel', panel);
  if (cases.length === 0) {
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2, anchor: 'middle' } as const;
    return markup`${frame}${words('note', 'no results', middle)}`;
  }
  const domainOf = (value: (row: EvaluationRow) => number, padding: number): [number, number] =>
    paddedDomain(cases.map(value), padding);
  const x = linearScale(domainOf(reachableVolume, 0.05), [left, right]);
  const y = linearScale(
    domainOf((row) => row.volumeError, 0.1),
    [bottom, top],
  );
  const axes = [leftAxis(panel, y, { ticks: ticksOf(y), lines: 'grid' }), bottomAxis(panel, x, { ticks: ticksOf(x) })];
  const dots = losses.map((loss, position) =>
    lossDots(
      cases.filter((row) => row.loss === loss),
      { position, scales: { x, y }, trace },
    ),
  );
  const means = losses.flatMap((loss, position) => {
    const mean = dataSet.arms.find((arm) => arm.model === model && arm.loss === loss)?.cells.volumeError.mean;
    return mean == null ? [] : [horizontal(`mean ${seriesClass(position)}`, y(mean), panel)];
  });
  return markup`<g>${frame}${axes}${horizontal('zero', y(0), panel)}${dots}${means}</g>
`;
}

/** The dots of a loss, in an order independent of the order of the rows. */
function lossDots(
  cases: readonly EvaluationRow[],
  { position, scales, trace }: { readonly position: number; readonly scales: Scales; readonly trace: TraceWords },
): Markup {
  const dots = cases
    .toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1))
    .map((row) => {
      const { caseId, volumeError, unit } = row;
      const value = withUnit(formatSigned(volumeError), unit);
      const title = `${caseId}, ΔV ${value}: ${trace.ofCase(row, 'volumeError')}`;
      return markup`<path d="${dotPath({ x: reachableVolume(row), y: volumeError }, scales)}"><title>${title}</title></path>`;
    });
  return markup`<g class="dots ${seriesClass(position)}">${dots}</g>`;
}
