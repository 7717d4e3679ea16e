import type { OutcomeLaw } from '../analysis/laws/outcome-law.js';
import { weightedSum } from './weighted-sum.js';
import type { UncertainVolume } from './soft-dice-risks.js';

/** An image of a certain core, an uncertain volume whose voxels share one prediction, and certain background. */
export interface OnePredictionImage extends UncertainVolume {
  /** Mean probability of a voxel of the uncertain volume. */
  readonly probability: number;
  readonly backgroundVolume: number;
}

/** The image as a law of three groups: core, uncertain volume, background. */
export function onePredictionLaw(image: OnePredictionImage): OutcomeLaw {
  const { coreVolume, uncertainVolume, backgroundVolume, probability } = image;
  const presentVolumes = Float64Array.from(image.presentVolumes);
  const weights = Float64Array.from(image.weights);
  return {
    method: 'volumes',
    groupVolumes: Float64Array.of(coreVolume, uncertainVolume, backgroundVolume),
    groupProbabilities: Float64Array.of(1, probability, 0),
    weights,
    truthVolumes: presentVolumes.map((present) => coreVolume + present),
    overlaps: ([core = 0, uncertain = 0]) => presentVolumes.map((present) => core * coreVolume + uncertain * present),
    presence: (values) => Float64Array.of(coreVolume * weightedSum(values), weightedSum(values, presentVolumes), 0),
  };
}
