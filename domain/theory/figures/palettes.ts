import { lightPalette, type Palette } from '../../figures/palette.js';

/** The paper's colours, colours for colour-blind readers (Okabe and Ito), or greys for monochrome printing. */
export const colourings = ['paper', 'safe', 'grey'] as const;

export type Colouring = (typeof colourings)[number];

/** Series: μ = 0.25, 1, 4. */
const figure1Series: Readonly<Record<Colouring, readonly string[]>> = {
  paper: ['#1f5fd0', '#000000', '#d7191c'],
  safe: ['#0072b2', '#000000', '#e69f00'],
  grey: ['#a0a0a0', '#000000', '#636363'],
};

const okabeIto = ['#000000', '#e69f00', '#56b4e9', '#009e73', '#0072b2', '#d55e00', '#cc79a7', '#8c8c00', '#777777'];
const greys = ['#000000', '#777777', '#aaaaaa', '#000000', '#777777', '#aaaaaa', '#000000', '#777777', '#aaaaaa'];

export function figure1Palette(colouring: Colouring): Palette {
  return { ...lightPalette, series: figure1Series[colouring] };
}

/** Series: the losses, in the order of `allLosses`. */
export function lossFigurePalette(colouring: Colouring): Palette {
  return { ...lightPalette, series: colouring === 'grey' ? greys : okabeIto };
}
