import type { StoredImage } from '../../domain/image/grid.js';
import type { CaseQuality } from '../../domain/preprocess/preprocess-case.js';
import { counted } from '../../domain/report/words/format-number.js';

/** Something that a user should know about files of a case that can be read; `of` names the modalities, or the mask. */
export interface CaseRemark {
  readonly remark: string;
  readonly of: readonly string[];
}

/** Collects remarks; what several files have in common is said once. */
export class CaseRemarks {
  private readonly found = new Map<string, string[]>();

  add(remark: string, of: string): void {
    this.found.set(remark, [...(this.found.get(remark) ?? []), of]);
  }

  list(): CaseRemark[] {
    return [...this.found].map(([remark, of]) => ({ remark, of }));
  }
}

/** `its spacing is … (T1, mask)`. */
export function remarkText({ remark, of }: CaseRemark): string {
  return `${remark} (${of.join(', ')})`;
}

/** One sentence for each file whose voxels are only said to be where those of the first image are. */
export function shiftRemarks({ shifted = [] }: Pick<CaseQuality, 'shifted'>): string[] {
  return shifted.map(
    ({ of, distanceMm }) =>
      `${of === 'mask' ? 'its mask' : of} is up to ${distanceMm} mm off the grid of the first modality, which gridToleranceVoxels accepts`,
  );
}

/** One sentence for each modality that was interpolated onto the first one's grid. */
export function alignmentRemarks({ aligned = [] }: Pick<CaseQuality, 'aligned'>): string[] {
  return aligned.map(({ modality, outsideVoxels }) => {
    const beyond =
      outsideVoxels === 0
        ? ''
        : `; ${counted(outsideVoxels, 'voxel')} outside its field of view become${outsideVoxels === 1 ? 's' : ''} 0`;
    return `${modality} is interpolated onto the grid of the first modality${beyond}`;
  });
}

/** Remarks on the mask file at `path`, whose values are still those of the file. */
export function maskRemarks(
  path: string,
  mask: StoredImage,
  images: readonly { readonly modality: string; readonly image: StoredImage }[],
): string[] {
  const remarks: string[] = [];
  const fraction = mask.values.find((value) => !Number.isInteger(value));
  if (fraction !== undefined) {
    remarks.push(`it has values that are not whole numbers, such as ${fraction}; is it a map of probabilities?`);
  }
  const smooth = smoothEdges(mask, /\.jpe?g$/i.test(path));
  if (smooth !== undefined) {
    remarks.push(
      `it has ${counted(smooth.between, 'value')} between 0 and ${smooth.top}, as pictures with smooth edges or JPEGs have`,
    );
  }
  for (const { modality, image } of images) {
    if (isSame(image, mask)) remarks.push(`it is the image ${modality}, value by value`);
  }
  return remarks;
}

/** One sentence for each image that repeats an earlier one, as if a file had been copied under another name. */
export function repeatRemarks(images: readonly { readonly modality: string; readonly image: StoredImage }[]): string[] {
  return images.flatMap(({ modality, image }, index) => {
    const earlier = images.slice(0, index).find((other) => isSame(other.image, image));
    return earlier === undefined ? [] : [`${modality} is the image ${earlier.modality}, value by value`];
  });
}

/** A picture with labels has no more of them if the highest is white. */
const mostLabels = 8;

/** As many as 16 bits hold. */
const mostGreys = 65_536;

/** White in pictures of 8 and 16 bits. */
const whites: readonly number[] = [255, 65_535];

/**
 * The highest value, white, of a picture of black, white and grey, and how many greys it has. Undefined if it has none, or
 * if these may be labels: few, with pixels that have not both darker and lighter neighbours. All values of a JPEG but the
 * lowest and the highest are such greys.
 */
function smoothEdges(
  { grid, values }: StoredImage,
  isJpeg: boolean,
): { readonly top: number; readonly between: number } | undefined {
  if (grid.shape[2] !== 1) return undefined;
  const found = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    found.add(values[i] as number); // in range
    if (found.size > mostGreys) return undefined; // fractions, told of by themselves
  }
  if (isJpeg && found.size > 2) return { top: Math.max(...found), between: found.size - 2 };
  const top = whites.find((white) => found.has(white) && [...found].every((value) => value >= 0 && value <= white));
  if (top === undefined || !found.has(0) || found.size === 2) return undefined;
  const between = found.size - 2;
  return between > mostLabels || areEdges(values, grid.shape[0], top) ? { top, between } : undefined;
}

/** Whether each pixel between 0 and `top` has a darker and a lighter one among those around it. */
function areEdges(values: StoredImage['values'], width: number, top: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // in range
    if (value === 0 || value === top) continue;
    let [darker, lighter] = [false, false];
    for (const dy of [-width, 0, width]) {
      for (let dx = -1; dx <= 1; dx++) {
        if ((i % width) + dx < 0 || (i % width) + dx >= width) continue;
        const other = values[i + dy + dx] ?? value;
        if (other < value) darker = true;
        if (other > value) lighter = true;
      }
    }
    if (!darker || !lighter) return false;
  }
  return true;
}

function isSame({ values }: StoredImage, { values: others }: StoredImage): boolean {
  if (values.length !== others.length) return false;
  for (let i = 0; i < values.length; i++) if (values[i] !== others[i]) return false;
  return true;
}
