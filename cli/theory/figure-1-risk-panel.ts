import { figure1Values, type FigurePanel } from '../../domain/theory/figure-1-data.js';
import { thinCurve } from '../../domain/theory/thin-curve.js';
import { lineOpacities, panelSize, pointsOf, unitAxis, unitDomain, type Panel } from './figure-style.js';

/** Soft Dice's risk against p̂ at one N and μ: a line for each p_β, likelier ones darker, with its minima. */
export function riskPanel(
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
  const y = {
    field: 'y',
    type: 'quantitative',
    scale: unitDomain,
    axis: { ...unitAxis, title: look.isFirst ? 'risk SD' : '', labels: look.isFirst },
  };
  const strokeOpacity = { field: 'p', type: 'ordinal', legend: null, scale: opacityScale };
  return {
    ...panelSize,
    // The label at the axis's upper end would lift the first column's title: this is its height.
    title: { text: look.heading, offset: look.isFirst ? -2 : 6 },
    layer: [
      {
        data: { values: lines },
        mark: { type: 'line', color: look.colour, strokeWidth: 2.5, opacity: 1 },
        encoding: { x, y, strokeOpacity, detail: { field: 'p' }, order: { field: 'x' } },
      },
      {
        data: { values: minima },
        mark: {
          type: 'point',
          filled: true,
          size: 70,
          color: look.colour,
          stroke: 'white',
          strokeWidth: 1,
          opacity: 1,
        },
        encoding: { x, y },
      },
    ],
  };
}

/** Opacity of the lines by p_β: the likelier, the darker. */
const opacityScale = { type: 'ordinal', domain: [...figure1Values.probabilities], range: [...lineOpacities] };
