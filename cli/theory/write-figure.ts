import { join } from 'node:path';

import { standaloneSvg, type Figure } from '../../domain/figures/figure.js';
import type { Palette } from '../../domain/figures/palette.js';
import { writeFileAtomically } from '../../storage/files/atomic-file.js';

/** Width of the PNG in pixels: 300 dots per inch at a page width of 150 mm. */
const pngWidth = 1800;

/** Writes a figure as SVG and PNG, and its numbers as CSV, to a folder, which is created if it does not exist. */
export async function writeFigure(request: {
  readonly folder: string;
  readonly name: string;
  readonly figure: Figure;
  readonly palette: Palette;
  readonly csv: string;
}): Promise<readonly string[]> {
  const { folder, name, figure, palette, csv } = request;
  const svg = standaloneSvg(figure, palette);
  const pathOf = (ending: string): string => join(folder, `${name}.${ending}`);
  // First what takes no time, so that a folder that may not be written is told before anything is drawn.
  await Promise.all([writeFileAtomically(pathOf('svg'), svg), writeFileAtomically(pathOf('csv'), csv)]);
  const { default: sharp } = await import('sharp');
  const png = await sharp(Buffer.from(svg), { density: 288 }).resize({ width: pngWidth }).png().toBuffer();
  await writeFileAtomically(pathOf('png'), png);
  return ['svg', 'png', 'csv'].map(pathOf);
}
