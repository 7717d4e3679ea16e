/** The colours of a figure, by what they stand for. */
export interface Palette {
  readonly ink: string;
  /** Notes and the labels of axes. */
  readonly soft: string;
  readonly line: string;
  readonly page: string;
  readonly panel: string;
  /** Behind volumes that are too large, and behind those that are too small. */
  readonly over: string;
  readonly under: string;
  /** One for each series; further ones begin anew. */
  readonly series: readonly string[];
}

/** Series: Okabe and Ito's blue and vermilion, apart for colour-blind eyes, then a green and a purple as dark. */
export const lightPalette: Palette = {
  ink: '#1b1f24',
  soft: '#5b6672',
  line: '#d4dae1',
  page: '#fff',
  panel: '#f6f8fa',
  over: '#fdf1d3',
  under: '#ebe9f8',
  series: ['#0067a8', '#c44e00', '#00805f', '#a3457d'],
};

export const darkPalette: Palette = {
  ink: '#e6e9ed',
  soft: '#9aa6b2',
  line: '#39424c',
  page: '#14181d',
  panel: '#1c2228',
  over: '#332c18',
  under: '#24233a',
  series: ['#63b5f0', '#f39a55', '#4cc9a1', '#dd8fbf'],
};

/** The palette as custom properties of CSS: `--ink:#1b1f24;…--series-0:#0067a8;…`. */
export function customProperties({ series, ...colours }: Palette): string {
  const named = Object.entries(colours).map(([name, colour]: [string, string]) => `--${name}:${colour}`);
  return [...named, ...series.map((colour, index) => `--series-${index}:${colour}`)].join(';');
}

/** A palette whose colours are those that the page has in its custom properties, so that figures follow its theme. */
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
