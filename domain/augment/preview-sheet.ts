import { DomainError } from '../domain-error.js';
import type { Triple } from '../image/grid.js';
import type { AugmentableCase } from './augment-case.js';

/** An RGB picture: three bytes per pixel, row by row from the top. */
export interface ColourPicture {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

export interface PreviewLayout {
  /** Edge length of a displayed voxel, in pixels. */
  readonly magnification: number;
  /** Pixels between tiles. */
  readonly gap: number;
  /** Pixels reserved for the name at the left of each row. */
  readonly margin: number;
}

/** Lowest and highest intensity displayed: values below are black, values above are white. */
type Window = readonly [number, number];

const outline = [255, 80, 60] as const;

/**
 * One row per case, one tile per modality: the axial slice with the largest cross-section of the first case's structure
 * (the middle slice if there is none), with the structure outlined in red. All rows use the same intensity window: the
 * 1st to the 99th percentile of the modality in the first case. 3D images are shown with y pointing up.
 */
export function previewSheet(cases: readonly AugmentableCase[], layout: PreviewLayout): ColourPicture {
  const [first] = cases;
  if (first === undefined) throw new DomainError('ARGUMENT_INVALID', 'a preview needs at least one case');
  const { shape, images } = first;
  const { magnification, gap, margin } = layout;
  const slice = largestSlice(first.label, shape);
  const windows = images.map((image) => percentileWindow(image));
  const tile = { width: shape[0] * magnification, height: shape[1] * magnification };
  const width = margin + images.length * (tile.width + gap) + gap;
  const height = cases.length * (tile.height + gap) + gap;
  const values = new Uint8Array(3 * width * height).fill(24);
  cases.forEach((one, row) => {
    one.images.forEach((image, column) => {
      const left = margin + gap + column * (tile.width + gap);
      const top = gap + row * (tile.height + gap);
      const source = { image, label: one.label, shape, slice, window: windows[column] ?? [0, 1] };
      drawTileInto({ width, height, values }, { left, top, magnification }, source);
    });
  });
  return { width, height, values };
}

function largestSlice(label: AugmentableCase['label'], [width, height, depth]: Triple): number {
  let best = Math.floor(depth / 2);
  let most = 0;
  for (let z = 0; z < depth; z++) {
    let count = 0;
    for (let i = z * width * height; i < (z + 1) * width * height; i++) count += label[i] as number; // in range
    if (count > most) [best, most] = [z, count];
  }
  return best;
}

function percentileWindow(image: Float32Array): Window {
  const sorted = image.slice().sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(0.01), at(0.99)];
  return high > low ? [low, high] : [low - 1, low + 1];
}

interface TileSource {
  readonly image: Float32Array;
  readonly label: AugmentableCase['label'];
  readonly shape: Triple;
  readonly slice: number;
  readonly window: Window;
}

function drawTileInto(
  target: ColourPicture,
  place: { readonly left: number; readonly top: number; readonly magnification: number },
  { image, label, shape, slice, window: [low, high] }: TileSource,
): void {
  const [width, height, depth] = shape;
  const { left, top, magnification } = place;
  const isStructure = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && (label[x + width * (y + height * slice)] as number) >= 0.5; // in range
  for (let y = 0; y < height; y++) {
    const row = depth === 1 ? y : height - 1 - y;
    for (let x = 0; x < width; x++) {
      const value = image[x + width * (y + height * slice)] as number; // in range by the loop bounds
      const grey = Math.min(255, Math.max(0, Math.round((255 * (value - low)) / (high - low))));
      const atEdge =
        isStructure(x, y) &&
        !(isStructure(x - 1, y) && isStructure(x + 1, y) && isStructure(x, y - 1) && isStructure(x, y + 1));
      const colour = atEdge ? outline : ([grey, grey, grey] as const);
      for (let dy = 0; dy < magnification; dy++) {
        const line = left + x * magnification + target.width * (top + row * magnification + dy);
        for (let dx = 0; dx < magnification; dx++) target.values.set(colour, 3 * (line + dx));
      }
    }
  }
}
