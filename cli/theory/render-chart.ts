import type { TopLevelSpec } from 'vega-lite';

/**
 * A Vega-Lite chart as SVG text, without a browser. Vega is loaded here and nowhere else, for it is slow to load and
 * most verbs draw nothing.
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** The picture of an SVG as PNG bytes, `width` pixels wide. */
export async function renderPng(svg: string, width = 1800): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: 144 }).resize({ width }).png().toBuffer();
}
