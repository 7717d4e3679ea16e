import { DomainError } from '../../domain-error.js';
import { voxelCount, type Grid, type LabelMap, type ScalarImage } from '../../image/grid.js';
import { maskWhere } from './mask.js';
import { clearOutside, type PictureWindow } from '../roi.js';

/** Where a structure can be: everywhere, or where a modality is above a value. */
export type MaskRule = 'none' | { readonly modality: string; readonly greaterThan: number };

interface CaseToMask {
  readonly grid: Grid;
  /** In the order of the images. */
  readonly modalities: readonly string[];
  readonly images: readonly ScalarImage[];
  readonly rule: MaskRule;
  readonly picture: PictureWindow | undefined;
}

/**
 * The mask of a case by its rule, without what lies outside the picture; undefined if that is everywhere. Throws
 * ARGUMENT_INVALID if the case lacks the rule's modality.
 */
export function caseMask({ grid, modalities, images, rule, picture }: CaseToMask): LabelMap | undefined {
  if (rule === 'none' && picture === undefined) return undefined;
  const values = rule === 'none' ? new Uint8Array(voxelCount(grid.shape)).fill(1) : byRule(modalities, images, rule);
  if (picture !== undefined) clearOutside(values, grid.shape[0], picture);
  return { grid, values };
}

function byRule(
  modalities: readonly string[],
  images: readonly ScalarImage[],
  { modality, greaterThan }: Exclude<MaskRule, 'none'>,
): Uint8Array {
  const image = images[modalities.indexOf(modality)];
  if (image === undefined) {
    const message = `the mask needs the modality ${modality}, but the case has ${modalities.join(', ')}`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  return maskWhere(image, greaterThan).values;
}
