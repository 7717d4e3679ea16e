import type { FigurePanel } from '../../domain/theory/figure-1-data.js';
import { thinCurve, type CurvePoint } from '../../domain/theory/thin-curve.js';
import {
  asGiven,
  errorDash,
  markShapes,
  panelSize,
  pointsOf,
  shadeColour,
  shadeOpacity,
  unitAxis,
  unitDomain,
  type Panel,
} from './figure-style.js';

/** Column 4: bias (solid) and error of the prediction (dashed) against p_β for all μ at one N. */
export function biasPanel(
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
  const lines = (values: (panel: FigurePanel) => Float64Array, mark: Panel): Panel => ({
    data: {
      values: panels.flatMap((panel, i) =>
        jumpingCurve(look.grid, values(panel), panel.switchProbability).map((point) => ({
          ...point,
          colour: look.colours[i],
        })),
      ),
    },
    mark: { type: 'line', ...mark },
    encoding: { x, y, color: asGiven('colour'), order: { field: 'order' } },
  });
  const marks = panels.flatMap((panel, i) =>
    markedPoints(look.grid, panel.volumeBias).map((point) => ({
      ...point,
      colour: look.colours[i],
      shape: markShapes[i],
    })),
  );
  return {
    ...panelSize,
    title: look.heading,
    layer: [
      {
        data: { values: lowest < 0.5 - 1e-9 ? [{ x: lowest, end: 0.5, y: -2.2, top: 3 }] : [] },
        mark: { type: 'rect', color: shadeColour, opacity: shadeOpacity },
        encoding: { x, y, x2: { field: 'end' }, y2: { field: 'top' } },
      },
      { data: { values: [{ y: 0 }] }, mark: { type: 'rule', color: '#888', strokeWidth: 1 }, encoding: { y } },
      lines((panel) => panel.volumeBias, { strokeWidth: 2.5 }),
      lines((panel) => panel.predictionError, { strokeWidth: 1.5, strokeDash: errorDash }),
      {
        data: { values: marks },
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { x, y, color: asGiven('colour'), shape: asGiven('shape') },
      },
    ],
  };
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
