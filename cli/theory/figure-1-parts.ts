import { figure1Values } from '../../domain/theory/figure-1-data.js';
import { lineOpacities, markShapes, panelSize } from './figure-style.js';

type Panel = Record<string, unknown>;
interface Box {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly top: number;
}

const sceneX = { field: 'x', type: 'quantitative', scale: { domain: [0, 10], nice: false }, axis: null };
const sceneY = { field: 'y', type: 'quantitative', scale: { domain: [0, 10], nice: false }, axis: null };

/** Column 0: the certain background α, the uncertain region β in N parts, and the certain core γ. */
export function schemePanel(regions: number, title: string): Panel {
  const side = Math.round(Math.sqrt(regions));
  const size = 4.6 / side;
  const gap = side === 1 ? 0 : 0.3;
  const parts = Array.from({ length: regions }, (_, i): Box => {
    const x = 4.4 + size * (i % side);
    const y = 4.1 + size * Math.floor(i / side);
    return { x, y, right: x + size - gap, top: y + size - gap };
  });
  return {
    width: panelSize.width * 0.8,
    height: panelSize.height,
    title,
    layer: [
      boxes([{ x: 0, y: 0, right: 10, top: 10 }], '#eeeeee'),
      boxes(parts, '#9a9a9a'),
      boxes([{ x: 1.4, y: 1.4, right: 4.2, top: 4.2 }], '#222222'),
      label(1.2, 9.0, 'α', '#222222'),
      label(6.7, 9.45, regions === 1 ? 'β' : `β × ${regions}`, '#222222'),
      label(2.8, 2.7, 'γ', '#ffffff'),
    ],
  };
}

function boxes(values: readonly Box[], colour: string): Panel {
  return {
    data: { values },
    mark: { type: 'rect', color: colour },
    encoding: { x: sceneX, y: sceneY, x2: { field: 'right' }, y2: { field: 'top' } },
  };
}

function label(x: number, y: number, text: string, colour: string): Panel {
  return {
    data: { values: [{ x, y, text }] },
    mark: { type: 'text', fontSize: 18, color: colour },
    encoding: { x: sceneX, y: sceneY, text: { field: 'text' } },
  };
}

const legendWidth = panelSize.width * 4.8 + 250;

/** The key under the figure: opacities of p_β, colours and marks of μ, line styles, the shaded area. */
export function legendPanel(colours: readonly string[]): Panel {
  const x = { field: 'x', type: 'quantitative', scale: { domain: [0, 100], nice: false }, axis: null };
  const y = { field: 'y', type: 'quantitative', scale: { domain: [0, 3], nice: false }, axis: null };
  const rule = (from: number, row: number, mark: Panel): Panel => ({
    data: { values: [{ x: from, end: from + 4.5, y: row }] },
    mark: { type: 'rule', strokeWidth: 2.5, ...mark },
    encoding: { x, y, x2: { field: 'end' } },
  });
  const words = (at: number, row: number, text: string): Panel => ({
    data: { values: [{ x: at, y: row, text }] },
    mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 17 },
    encoding: { x, y, text: { field: 'text' } },
  });
  const mark = (at: number, row: number, look: Panel): Panel => ({
    data: { values: [{ x: at, y: row }] },
    mark: { type: 'point', filled: true, size: 80, opacity: 1, ...look },
    encoding: { x, y },
  });
  return {
    width: legendWidth,
    height: 78,
    view: { stroke: null },
    layer: [
      words(0, 2.5, 'A-C 1-3, p:'),
      ...figure1Values.probabilities.flatMap((p, i) => [
        rule(14 + i * 12, 2.5, { opacity: lineOpacities[i] }),
        words(19 + i * 12, 2.5, String(p)),
      ]),
      mark(76, 2.5, { color: '#000' }),
      words(77.5, 2.5, 'least risk'),
      words(0, 1.5, 'A-C 4, μ:'),
      ...figure1Values.volumeRatios.flatMap((ratio, i) => [
        rule(14 + i * 12, 1.5, { color: colours[i] }),
        mark(16.25 + i * 12, 1.5, { color: colours[i], shape: markShapes[i] }),
        words(19 + i * 12, 1.5, String(ratio)),
      ]),
      rule(0, 0.5, {}),
      words(5, 0.5, 'bias ΔV (in units of sγ)'),
      rule(36, 0.5, { strokeDash: [5, 4], strokeWidth: 1.5 }),
      words(41, 0.5, 'error p̂ − p'),
      {
        data: { values: [{ x: 62, end: 66, y: 0.15, top: 0.85 }] },
        mark: { type: 'rect', color: '#f4a3a3', opacity: 0.45 },
        encoding: { x, y, x2: { field: 'end' }, y2: { field: 'top' } },
      },
      words(67, 0.5, 'overestimates though p < ½'),
    ],
  };
}
