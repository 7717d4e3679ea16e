import { bottomAxis, leftAxis } from '../../figures/axis.js';
import { curvePath, thinCurve, type Point, type Scales } from '../../figures/curve.js';
import type { Panel } from '../../figures/panel-grid.js';
import { linearScale, ticksOf } from '../../figures/scale.js';
import { seriesMark } from '../../figures/series-mark.js';
import { box, horizontal, words } from '../../figures/shapes.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { FigurePanel } from './figure-1-data.js';

/** Opacity of the lines for p_β = 0, 0.25, 0.5, 0.75, 1: the more probable, the darker. */
export const lineOpacities = [0.25, 0.4, 0.58, 0.78, 1] as const;

/** Within 1/400 pixel of the curve. */
const tolerance = 1e-4;

interface PlotPlace {
  /** Where the curves were evaluated: p̂ for the risk, p_β for the bias. */
  readonly values: readonly number[];
  readonly place: Panel;
  readonly axisTitles: boolean;
}

/** Column 0: the certain background α, the uncertain region β in N parts, and the certain core γ. */
export function schemePanel(regions: number, panel: Panel): Markup {
  const x = linearScale([0, 10], [panel.left, panel.right]);
  const y = linearScale([0, 10], [panel.bottom, panel.top]);
  const square = (name: string, left: number, bottom: number, size: number): Markup =>
    box(name, { left: x(left), right: x(left + size), top: y(bottom + size), bottom: y(bottom) });
  const side = Math.round(Math.sqrt(regions));
  const pitch = 4.7 / side;
  const parts = Array.from({ length: regions }, (_, i) =>
    square('soft', 4.5 + pitch * (i % side), 4.5 + pitch * Math.floor(i / side), pitch - (side === 1 ? 0 : 0.3)),
  );
  const centre = { anchor: 'middle' } as const;
  const names = [
    words('', 'α', { x: x(1.3), y: y(8.2), ...centre }),
    words('', regions === 1 ? 'β' : `β × ${regions}`, { x: x(6.85), y: y(2.9), ...centre }),
    words('on-ink', 'γ', { x: x(2.4), y: y(2), ...centre }),
  ];
  return markup`${box('panel', panel)}${box('frame', panel)}${parts}${square('ink', 1, 1, 2.8)}${names}`;
}

/** Soft Dice's risk against p̂ for one N and μ: one line per p_β, with its minima. */
export function riskPanel(
  { curves }: FigurePanel,
  { values, place, axisTitles, series }: PlotPlace & { readonly series: number },
): Markup {
  const scales = unitScales(place, [0, 1]);
  const lines = curves.map(({ risks }, i) => {
    const path = curvePath(thinCurve(pointsOf(values, risks), tolerance), scales);
    return markup`<path class="curve" stroke-opacity="${lineOpacities[i] ?? 1}" d="${path}"/>`;
  });
  const minima = curves.flatMap((curve) =>
    curve.minima.map(({ prediction, risk }) => seriesMark(0, scales.x(prediction), scales.y(risk), 36)),
  );
  const isFirst = series === 0;
  const across = bottomAxis(place, scales.x, {
    ticks: ticksOf(scales.x, 2, 'trimmed'),
    lines: 'marks',
    ...(axisTitles && { title: 'prediction p̂' }),
  });
  const up = leftAxis(place, scales.y, {
    ticks: ticksOf(scales.y, 2, 'trimmed'),
    lines: 'marks',
    labels: isFirst,
    ...(isFirst && { title: 'risk SD' }),
  });
  return markup`${box('frame', place)}${across}${up}<g class="series-${series}">${lines}<g class="halo">${minima}</g></g>
`;
}

/** Column 4: bias (solid) and prediction error (dashed) against p_β for all μ at one N. */
export function biasPanel(panels: readonly FigurePanel[], { values, place, axisTitles }: PlotPlace): Markup {
  const scales = unitScales(place, [-2.2, 3]);
  const lowest = Math.min(...panels.map((panel) => panel.switchProbability));
  const easy = { ...place, left: scales.x(lowest), right: scales.x(0.5) };
  const shade = lowest < 0.5 - 1e-9 ? box('over', easy) : nothing;
  const curves = (name: string, valuesOf: (panel: FigurePanel) => Float64Array): Markup[] =>
    panels.map((panel, i) => {
      const path = curvePath(jumpingCurve(values, valuesOf(panel), panel.switchProbability), scales);
      return markup`<path class="${name} series-${i}" d="${path}"/>`;
    });
  const marks = panels.map((panel, i) => {
    const places = markedPoints(values, panel.volumeBias);
    return markup`<g class="series-${i}">${places.map(({ x, y }) => seriesMark(i, scales.x(x), scales.y(y), 26))}</g>`;
  });
  const across = bottomAxis(place, scales.x, {
    ticks: ticksOf(scales.x, 2, 'trimmed'),
    lines: 'marks',
    ...(axisTitles && { title: 'probability p' }),
  });
  const up = leftAxis(place, scales.y, { ticks: ticksOf(scales.y, 3), lines: 'marks' });
  const lines = [
    ...curves('curve', ({ volumeBias }) => volumeBias),
    ...curves('curve thin dash-1', ({ predictionError }) => predictionError),
  ];
  return markup`${shade}${horizontal('axis', scales.y(0), place)}${box('frame', place)}${across}${up}${lines}${marks}`;
}

function unitScales({ left, right, top, bottom }: Panel, up: readonly [number, number]): Scales {
  return { x: linearScale([0, 1], [left, right]), y: linearScale(up, [bottom, top]) };
}

function pointsOf(values: readonly number[], heights: Float64Array): Point[] {
  return values.map((x, i) => ({ x, y: heights[i] as number }));
}

/** A curve with a jump at `jump`, drawn vertically there instead of slanting between two grid points. */
function jumpingCurve(values: readonly number[], heights: Float64Array, jump: number): Point[] {
  const points = pointsOf(values, heights);
  const before = points.filter(({ x }) => x <= jump);
  const after = points.filter(({ x }) => x > jump);
  const continued = (part: readonly Point[], from: Point | undefined): Point[] => {
    const [first, last] = [part[0], part.at(-1)];
    if (from === undefined || first === undefined || last === undefined || first.x === last.x) return [];
    return [{ x: jump, y: from.y + ((last.y - first.y) / (last.x - first.x)) * (jump - from.x) }];
  };
  return [
    ...thinCurve(before, tolerance),
    ...continued(before, before.at(-1)),
    ...continued(after, after[0]),
    ...thinCurve(after, tolerance),
  ];
}

function markedPoints(values: readonly number[], heights: Float64Array): Point[] {
  return [0.1, 0.25, 0.6, 0.75, 0.9].map((place) => {
    const i = Math.round(place * (values.length - 1));
    return { x: values[i] as number, y: heights[i] as number };
  });
}
