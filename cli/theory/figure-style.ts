import { DomainError } from '../../domain/domain-error.js';
import type { CurvePoint } from '../../domain/theory/thin-curve.js';

/** A part of a Vega-Lite specification; the library's own types are too wide to build one up in pieces. */
export type Panel = Record<string, unknown>;

/** Colours of μ = 0.25, 1, 4: the paper's, one that colour-blind readers and grey printers tell apart, and greys. */
export const paletteColours = {
  paper: ['#1f5fd0', '#000000', '#d7191c'],
  safe: ['#0072b2', '#000000', '#e69f00'],
  grey: ['#a0a0a0', '#000000', '#636363'],
} as const satisfies Record<string, readonly string[]>;

export type Palette = keyof typeof paletteColours;

/** Throws ARGUMENT_INVALID unless it is the name of a palette. */
export function parsePalette(name: string): Palette {
  if (Object.hasOwn(paletteColours, name)) return name as Palette;
  const known = Object.keys(paletteColours).join(', ');
  throw new DomainError('ARGUMENT_INVALID', `--colours: expected one of ${known} but found '${name}'`);
}

/** Opacity of the lines for p_β = 0, 0.25, 0.5, 0.75, 1. */
export const lineOpacities = [0.25, 0.4, 0.58, 0.78, 1] as const;

/** Marks that tell μ = 0.25, 1, 4 apart without colour. */
export const markShapes = ['circle', 'square', 'triangle-up'] as const;

/** Dashes of the lines of p̂ − p. */
export const errorDash = [5, 4];

/** The area of easy overestimation. */
export const shadeColour = '#f4a3a3';
export const shadeOpacity = 0.45;

/** Size of one panel in pixels; with five a row, 18-pixel type is still 5 point at a column of 85 mm. */
export const panelSize = { width: 150, height: 150 } as const;

const fontSize = 18;

export const chartConfig = {
  font: 'Helvetica, Arial, Liberation Sans, sans-serif',
  aria: false,
  view: { stroke: '#444', strokeWidth: 1 },
  title: { fontSize, fontWeight: 'normal', offset: 6, frame: 'group' },
  axis: {
    labelFontSize: fontSize - 2,
    titleFontSize: fontSize,
    titleFontWeight: 'normal',
    grid: false,
    tickSize: 5,
    labelPadding: 3,
    titlePadding: 4,
    labelOverlap: false,
    labelFlush: false,
  },
  legend: { labelFontSize: fontSize - 2, titleFontSize: fontSize, titleFontWeight: 'normal', symbolSize: 200 },
} as const;

/** Scale and axis of a probability. */
export const unitDomain = { domain: [0, 1] };
export const unitAxis = { values: [0, 0.5, 1], format: '~g' };

/** A colour, opacity or shape that stands in the data as it is to be drawn. */
export function asGiven(field: string): Panel {
  return { field, type: 'nominal', scale: null, legend: null };
}

export function pointsOf(grid: readonly number[], values: Float64Array): CurvePoint[] {
  return grid.map((x, i) => ({ x, y: values[i] as number }));
}
