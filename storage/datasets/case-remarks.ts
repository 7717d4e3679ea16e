import type { StoredImage } from '../../domain/image/grid.js';
import type { CaseQuality } from '../../domain/preprocess/preprocess-case.js';

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

/** One sentence for each modality that was interpolated onto the first one's grid. */
export function alignmentRemarks({ aligned = [] }: Pick<CaseQuality, 'aligned'>): string[] {
  return aligned.map(({ modality, outsideVoxels }) => {
    const beyond = outsideVoxels === 0 ? '' : `; ${outsideVoxels} voxels outside its field of view become 0`;
    return `${modality} is interpolated onto the grid of the first modality${beyond}`;
  });
}

/** Remarks on a mask file, whose values are still those of the file. */
export function maskRemarks(
  mask: StoredImage,
  images: readonly { readonly modality: string; readonly image: StoredImage }[],
): string[] {
  const remarks: string[] = [];
  const fraction = mask.values.find((value) => !Number.isInteger(value));
  if (fraction !== undefined) {
    remarks.push(`it has values that are not whole numbers, such as ${fraction}; is it a map of probabilities?`);
  }
  for (const { modality, image } of images) {
    if (isSame(image, mask)) remarks.push(`it is the image ${modality}, value by value`);
  }
  return remarks;
}

function isSame({ values }: StoredImage, { values: others }: StoredImage): boolean {
  if (values.length !== others.length) return false;
  for (let i = 0; i < values.length; i++) if (values[i] !== others[i]) return false;
  return true;
}
