import sharp from 'sharp';

/** Pixels of the longer side beyond which a picture is made smaller. */
const longestSide = 320;

/**
 * A grey picture, row by row from the top, as PNG. Larger ones are made smaller. Equal pixels give equal bytes with the same
 * version of the encoder.
 */
export async function encodeGreyPng(
  pixels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Buffer> {
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
  const fitting = { width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true } as const;
  return picture.resize(fitting).png({ compressionLevel: 9 }).toBuffer();
}

/**
 * A figure as PNG, with twice the pixels of its size. Texts are in the first font of its style sheet that the machine has. Equal
 * SVG sources give equal bytes with the same fonts and the same version of the renderer.
 */
export async function drawPng(svg: string): Promise<Buffer> {
  const dotsPerInch = 2 * 72; // at 72, a unit of the SVG is a pixel
  return sharp(Buffer.from(svg), { density: dotsPerInch, unlimited: true }).png({ compressionLevel: 9 }).toBuffer();
}
