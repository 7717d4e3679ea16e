import { figure1Values } from '../../domain/theory/figure-1-data.js';
import {
  asGiven,
  errorDash,
  lineOpacities,
  markShapes,
  panelSize,
  shadeColour,
  shadeOpacity,
  type Panel,
} from './figure-style.js';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly top: number;
  readonly colour: string;
}

interface Words {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour?: string;
}

const scene = (width: number, height: number): { x: Panel; y: Panel } => ({
  x: { field: 'x', type: 'quantitative', scale: { domain: [0, width], nice: false }, axis: null },
  y: { field: 'y', type: 'quantitative', scale: { domain: [0, height], nice: false }, axis: null },
});

/** Column 0: the certain background α, the uncertain region β in N parts, and the certain core γ. */
export function schemePanel(regions: number, title: string): Panel {
  const side = Math.round(Math.sqrt(regions));
  const size = 4.6 / side;
  const gap = side === 1 ? 0 : 0.3;
  const parts = Array.from({ length: regions }, (_, i): Box => {
    const x = 4.4 + size * (i % side);
    const y = 4.1 + size * Math.floor(i / side);
    return { x, y, right: x + size - gap, top: y + size - gap, colour: '#9a9a9a' };
  });
  const background = { x: 0, y: 0, right: 10, top: 10, colour: '#eeeeee' };
  const core = { x: 1.4, y: 1.4, right: 4.2, top: 4.2, colour: '#222222' };
  const names = [
    { x: 1.2, y: 9, text: 'α', colour: '#222222' },
    { x: 6.7, y: 9.45, text: regions === 1 ? 'β' : `β × ${regions}`, colour: '#222222' },
    { x: 2.8, y: 2.7, text: 'γ', colour: '#ffffff' },
  ];
  return {
    width: panelSize.width * 0.8,
    height: panelSize.height,
    title,
    layer: [boxLayer([background, ...parts, core], 10, 10, 1), wordLayer(names, 10, 10, { fontSize: 18 })],
  };
}

function boxLayer(values: readonly Box[], width: number, height: number, opacity: number): Panel {
  return {
    data: { values },
    mark: { type: 'rect', opacity },
    encoding: { ...scene(width, height), x2: { field: 'right' }, y2: { field: 'top' }, color: asGiven('colour') },
  };
}

function wordLayer(values: readonly Words[], width: number, height: number, look: Panel): Panel {
  return {
    data: { values: values.map((words) => ({ colour: '#000000', ...words })) },
    mark: { type: 'text', baseline: 'middle', ...look },
    encoding: { ...scene(width, height), text: { field: 'text' }, color: asGiven('colour') },
  };
}

const legendWidth = panelSize.width * 4.8 + 250;

/** The key under the figure: opacities of p_β, colours and marks of μ, line styles, the shaded area. */
export function legendPanel(colours: readonly string[]): Panel {
  const [width, height] = [100, 3];
  const words: Words[] = [
    { x: 0, y: 2.5, text: 'A-C 1-3, p:' },
    ...figure1Values.probabilities.map((p, i) => ({ x: 19 + i * 12, y: 2.5, text: String(p) })),
    { x: 77.5, y: 2.5, text: 'least risk' },
    { x: 0, y: 1.5, text: 'A-C 4, μ:' },
    ...figure1Values.volumeRatios.map((ratio, i) => ({ x: 19 + i * 12, y: 1.5, text: String(ratio) })),
    { x: 5, y: 0.5, text: 'bias ΔV (in units of sγ)' },
    { x: 41, y: 0.5, text: 'error p̂ − p' },
    { x: 67, y: 0.5, text: 'overestimates though p < ½' },
  ];
  const marks = [
    { x: 76, y: 2.5, colour: '#000000', shape: 'circle' },
    ...markShapes.map((shape, i) => ({ x: 16.25 + i * 12, y: 1.5, colour: colours[i], shape })),
  ];
  const samples = [
    ...lineOpacities.map((opacity, i) => ({ x: 14 + i * 12, y: 2.5, colour: '#000000', opacity })),
    ...colours.map((colour, i) => ({ x: 14 + i * 12, y: 1.5, colour, opacity: 1 })),
    { x: 0, y: 0.5, colour: '#000000', opacity: 1 },
  ].map((sample) => ({ ...sample, end: sample.x + 4.5 }));
  const shaded = { x: 62, y: 0.15, right: 66, top: 0.85, colour: shadeColour };
  return {
    width: legendWidth,
    height: 78,
    view: { stroke: null },
    layer: [
      boxLayer([shaded], width, height, shadeOpacity),
      {
        data: { values: samples },
        mark: { type: 'rule', strokeWidth: 2.5 },
        encoding: {
          ...scene(width, height),
          x2: { field: 'end' },
          color: asGiven('colour'),
          opacity: { ...asGiven('opacity'), type: 'quantitative' },
        },
      },
      {
        data: { values: [{ x: 36, y: 0.5, end: 40.5 }] },
        mark: { type: 'rule', strokeWidth: 1.5, strokeDash: errorDash },
        encoding: { ...scene(width, height), x2: { field: 'end' } },
      },
      {
        data: { values: marks },
        mark: { type: 'point', filled: true, size: 80, opacity: 1 },
        encoding: { ...scene(width, height), color: asGiven('colour'), shape: asGiven('shape') },
      },
      wordLayer(words, width, height, { align: 'left', fontSize: 17 }),
    ],
  };
}
