import type { Triple } from '../image/grid.js';
import type { AugmentationSettings, ElasticSettings } from './augmentation-settings.js';

/** The shortest edge of the crop for which the full movement is meant: that of 162 × 162 × 108 voxels. */
const fullEdge = 108;

const full = { translationVoxels: 5, gridSpacingVoxels: 30, shiftVoxels: [1, 3], smoothingVoxels: 6 } as const;

/**
 * The settings with `auto` replaced by movements in proportion to the shortest edge of the crop, and never larger than
 * those of a crop of 108 voxels: a shift of 5 voxels would empty many crops of 27.
 */
export function withMovement(
  settings: AugmentationSettings,
  [x, y, z]: Triple,
): AugmentationSettings & { readonly translationVoxels: number; readonly elastic: 'none' | ElasticSettings } {
  const { translationVoxels, elastic } = settings;
  const share = Math.min(1, Math.min(x, y, z === 1 ? Infinity : z) / fullEdge);
  return {
    ...settings,
    translationVoxels: translationVoxels === 'auto' ? share * full.translationVoxels : translationVoxels,
    elastic:
      elastic === 'auto'
        ? {
            gridSpacingVoxels: share * full.gridSpacingVoxels,
            shiftVoxels: [share * full.shiftVoxels[0], share * full.shiftVoxels[1]],
            smoothingVoxels: share * full.smoothingVoxels,
          }
        : elastic,
  };
}
