import type { TopLevelSpec } from 'vega-lite';

import { figure1Values, type Figure1Data, type FigurePanel } from '../../domain/theory/figure-1-data.js';
import { thinCurve, type CurvePoint } from '../../domain/theory/thin-curve.js';
import { legendPanel, schemePanel } from './figure-1-parts.js';
import { chartConfig, lineOpacities, markShapes, paletteColours, panelSize, type Palette } from './figure-style.js';

type Panel = Record<string, unknown>;

const rowLetters = ['A', 'B', 'C'];
const unitDomain = { domain: [0, 1] };
const unitAxis = { values: [0, 0.5, 1], format: '~g' };

/**
 * Fig. 1 of the paper as a Vega-Lite specification: rows N = 1, 4, 16; the scheme, three columns of soft Dice against
 * p̂ and one of bias and error against p_β, with the area of easy overestimation shaded.
 */
export function figure1Spec(data: Figure1Data, palette: Palette): TopLevelSpec {
  const colours = paletteColours[palette];
  const cells = figure1Values.regionCounts.flatMap((regions, row) => {
    const panels = data.panels.filter((panel) => panel.regions === regions);
    const isLast = row === figure1Values.regionCounts.length - 1;
    const bias = { grid: data.grid, colours, heading: row === 0 ? 'ΔV and p̂ − p' : '', xTitle: isLast ? 'probability p' : '' };
    return [
      schemePanel(regions, `${rowLetters[row]}: N = ${regions}`),
      ...panels.map((panel, column) =>
        riskPanel(panel, {
          grid: data.grid,
          colour: colours[column] as string,
          heading: row === 0 ? `μ = ${panel.volumeRatio}` : '',
          xTitle: isLast ? 'prediction p̂' : '',
          isFirst: column === 0,
        }),
      ),
      biasPanel(panels, bias),
    ];
  });
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: 'Soft Dice risk against prediction, and the volumetric bias of its minimiser',
    background: 'white',
    padding: 6,
    spacing: 12,
    vconcat: [{ columns: 5, align: 'each', spacing: 12, concat: cells }, legendPanel(colours)],
    config: chartConfig,
  };
  return spec as unknown as TopLevelSpec;
}

function riskPanel(
  panel: FigurePanel,
  look: {
    readonly grid: readonly number[];
    readonly colour: string;
    readonly heading: string;
    readonly xTitle: string;
    readonly isFirst: boolean;
  },
): Panel {
  const lines = panel.curves.flatMap((curve) =>
    thinCurve(pointsOf(look.grid, curve.risks), 1e-4).map(({ x, y }) => ({ x, y, p: curve.probability })),
  );
  const minima = panel.curves.flatMap((curve) =>
    curve.minima.map(({ prediction, risk }) => ({ x: prediction, y: risk, p: curve.probability })),
  );
  const x = { field: 'x', type: 'quantitative', scale: unitDomain, axis: { ...unitAxis, title: look.xTitle } };
  const y = { field: 'y', type: 'quantitative', scale: unitDomain, axis: { ...unitAxis, title: look.isFirst ? 'risk SD' : '', labels: look.isFirst } };
  const strokeOpacity = { field: 'p', type: 'ordinal', legend: null, scale: opacityScale };
  return {
    ...panelSize,
    title: look.heading,
    layer: [
      {
        data: { values: lines },
        mark: { type: 'line', color: look.colour, strokeWidth: 2.5, opacity: 1 },
        encoding: { x, y, strokeOpacity, detail: { field: 'p' }, order: { field: 'x' } },
      },
      {
        data: { values: minima },
        mark: { type: 'point', filled: true, size: 70, color: look.colour, stroke: 'white', strokeWidth: 1, opacity: 1 },
        encoding: { x, y },
      },
    ],
  };
}

/** Opacity of the lines by p_β: the likelier, the darker. */
const opacityScale = { type: 'ordinal', domain: [...figure1Values.probabilities], range: [...lineOpacities] };

function biasPanel(
  panels: readonly FigurePanel[],
  look: {
    readonly grid: readonly number[];
    readonly colours: readonly string[];
    readonly heading: string;
    readonly xTitle: string;
  },
): Panel {
  const x = { field: 'x', type: 'quantitative', scale: unitDomain, axis: { ...unitAxis, title: look.xTitle } };
  const y = { field: 'y', type: 'quantitative', scale: { domain: [-2.2, 3] }, axis: { values: [-2, 0, 2], title: '' } };
  const lowest = Math.min(...panels.map((panel) => panel.switchProbability));
  const line = (values: (panel: FigurePanel) => Float64Array, mark: Panel): Panel[] =>
    panels.map((panel, i) => ({
      data: { values: jumpingCurve(look.grid, values(panel), panel.switchProbability) },
      mark: { type: 'line', color: look.colours[i], ...mark },
      encoding: { x, y, order: { field: 'order' } },
    }));
  return {
    ...panelSize,
    title: look.heading,
    layer: [
      {
        data: { values: lowest < 0.5 - 1e-9 ? [{ x: lowest, end: 0.5, y: -2.2, top: 3 }] : [] },
        mark: { type: 'rect', color: '#f4a3a3', opacity: 0.45 },
        encoding: { x, y, x2: { field: 'end' }, y2: { field: 'top' } },
      },
      { data: { values: [{ y: 0 }] }, mark: { type: 'rule', color: '#888', strokeWidth: 1 }, encoding: { y } },
      ...line((panel) => panel.volumeBias, { strokeWidth: 2.5 }),
      ...line((panel) => panel.predictionError, { strokeWidth: 1.5, strokeDash: [5, 4] }),
      ...panels.map((panel, i) => ({
        data: { values: markedPoints(look.grid, panel.volumeBias) },
        mark: { type: 'point', filled: true, size: 60, opacity: 1, shape: markShapes[i], color: look.colours[i] },
        encoding: { x, y },
      })),
    ],
  };
}

function pointsOf(grid: readonly number[], values: Float64Array): CurvePoint[] {
  return grid.map((x, i) => ({ x, y: values[i] as number }));
}

/** A curve that jumps at `jump`, drawn straight up there rather than aslant between two grid points. */
function jumpingCurve(
  grid: readonly number[],
  values: Float64Array,
  jump: number,
): (CurvePoint & { readonly order: number })[] {
  const points = pointsOf(grid, values);
  const before = points.filter(({ x }) => x <= jump);
  const after = points.filter(({ x }) => x > jump);
  const slope = (part: readonly CurvePoint[], from: CurvePoint | undefined): CurvePoint[] => {
    const [first, last] = [part[0], part.at(-1)];
    if (from === undefined || first === undefined || last === undefined || first.x === last.x) return [];
    return [{ x: jump, y: from.y + ((last.y - first.y) / (last.x - first.x)) * (jump - from.x) }];
  };
  const whole = [
    ...thinCurve(before, 1e-4),
    ...slope(before, before.at(-1)),
    ...slope(after, after[0]),
    ...thinCurve(after, 1e-4),
  ];
  return whole.map((point, order) => ({ ...point, order }));
}

function markedPoints(grid: readonly number[], values: Float64Array): CurvePoint[] {
  const places = [0.1, 0.25, 0.6, 0.75, 0.9];
  return places.map((place) => {
    const i = Math.round(place * (grid.length - 1));
    return { x: grid[i] as number, y: values[i] as number };
  });
}
