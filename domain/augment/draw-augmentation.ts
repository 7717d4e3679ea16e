import type { Triple } from '../image/grid.js';
import type { RandomStream } from '../random/random-stream.js';
import type { AugmentationSettings } from './augmentation-settings.js';
import { withMovement } from './automatic-movement.js';
import { drawElasticField, type ElasticField } from './elastic-field.js';
import { inverseLinearPart, type Matrix3 } from './inverse-linear-part.js';

/**
 * Output voxel o takes its value from c + `matrix`·(o − c − `translation`) + `elastic`(o), where c is the centre of the
 * image.
 */
export interface SpatialTransform {
  readonly matrix: Matrix3;
  readonly translation: Triple;
  readonly elastic: ElasticField | undefined;
}

/** Intensity change of one modality: gamma between two percentiles of its tissue, then v ← `scale`·v + `shift`. */
export interface IntensityTransform {
  /** 1: no change. */
  readonly gamma: number;
  readonly percentiles: readonly [number, number];
  readonly scale: number;
  readonly shift: number;
}

export interface Augmentation {
  readonly spatial: SpatialTransform;
  readonly intensities: readonly IntensityTransform[];
}

/**
 * Draws the augmentation of one case. Every part draws its numbers even if its size is 0, in a fixed order with the
 * elastic field last. Switching one part off therefore leaves the others unchanged (apart from the elastic field).
 */
export function drawAugmentation(
  asked: AugmentationSettings,
  image: { readonly shape: Triple; readonly channels: number },
  random: RandomStream,
): Augmentation {
  const { shape, channels } = image;
  const settings = withMovement(asked, shape);
  const flat = shape[2] === 1;
  const inPlane = random.normal(0, settings.rotationInPlaneDegrees);
  const otherAxes = [0, 1].map(() => random.normal(0, settings.rotationOtherAxesDegrees));
  const scale = random.uniformBetween(...settings.scale);
  const [x, y, z] = [0, 1, 2].map(() => random.normal(0, settings.translationVoxels)) as [number, number, number];
  const flipsX = random.uniform() < settings.flipLeftRightProbability;
  const intensities = Array.from({ length: channels }, () => {
    const changesGamma = random.uniform() < settings.gamma.probability;
    const gamma = random.uniformBetween(...settings.gamma.range);
    return {
      gamma: changesGamma ? gamma : 1,
      percentiles: settings.gamma.percentiles,
      scale: random.normal(1, settings.intensityScale),
      shift: random.normal(0, settings.intensityShift),
    };
  });
  const anglesDegrees: Triple = flat ? [0, 0, inPlane] : [otherAxes[0] as number, otherAxes[1] as number, inPlane];
  const elastic = settings.elastic === 'none' ? undefined : drawElasticField(shape, settings.elastic, random);
  const matrix = inverseLinearPart({ anglesDegrees, scale, flipsX });
  return { spatial: { matrix, translation: [x, y, flat ? 0 : z], elastic }, intensities };
}
