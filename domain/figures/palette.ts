/** The colours of a figure, by role. */
export interface Palette {
  readonly ink: string;
  /** Notes and axis labels. */
  readonly soft: string;
  readonly line: string;
  readonly page: string;
  readonly panel: string;
  /** Backgrounds for overestimated and underestimated volumes. */
  readonly over: string;
  readonly under: string;
  /** One colour per series; further series reuse them in order. */
  readonly series: readonly string[];
}

/**
 * Series: Okabe and Ito's blue and vermilion, distinguishable for colour-blind readers, then a green and a purple of
 * similar darkness; ochre, indigo, grey and
 * maroon for the fifth to the eighth.
 */
export const lightPalette: Palette = {
  ink: '#1b1f24',
  soft: '#5b6672',
  line: '#d4dae1',
  page: '#fff',
  panel: '#f6f8fa',
  over: '#fdf1d3',
  under: '#ebe9f8',
  series: ['#0067a8', '#c44e00', '#00805f', '#a3457d', '#7d5f00', '#5b4bc4', '#5f6b76', '#8c1d40'],
};

export const darkPalette: Palette = {
  ink: '#e6e9ed',
  soft: '#9aa6b2',
  line: '#39424c',
  page: '#14181d',
  panel: '#1c2228',
  over: '#332c18',
  under: '#24233a',
  series: ['#63b5f0', '#f39a55', '#4cc9a1', '#dd8fbf', '#d9b84a', '#a79cf5', '#b3bdc7', '#f07a9b'],
};

/** The palette as CSS custom properties: `--ink:#1b1f24;…--series-0:#0067a8;…`. */
export function customProperties({ series, ...colours }: Palette): string {
  const named = Object.entries(colours).map(([name, colour]: [string, string]) => `--${name}:${colour}`);
  return [...named, ...series.map((colour, index) => `--series-${index}:${colour}`)].join(';');
}

/** A palette that refers to the page's custom properties, so that figures follow its theme. */
export const pagePalette: Palette = {
  ink: 'var(--ink)',
  soft: 'var(--soft)',
  line: 'var(--line)',
  page: 'var(--page)',
  panel: 'var(--panel)',
  over: 'var(--over)',
  under: 'var(--under)',
  series: lightPalette.series.map((_, index) => `var(--series-${index})`),
};
