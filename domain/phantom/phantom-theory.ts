import type { EvaluationGrid } from '../evaluate/evaluation-row.js';
import { voxelSizeOf } from '../evaluate/voxel-size.js';
import { voxelCount, type CoverageMap, type Triple } from '../image/grid.js';
import { predictedVoxels } from '../preprocess/crop.js';
import { maskPreparation, type PreprocessSettings } from '../preprocess/preprocess-case.js';
import { coverageOf } from '../preprocess/mask/resample-label.js';
import { perfectLearner, type KnownStructure, type LearnerSettings } from '../theory/prediction/perfect-learner.js';
import { lossName, type LossChoice } from '../training/losses/loss-choice.js';
import type { PhantomSettings } from './phantom-settings.js';
import { drawStructure, phantomCaseId, type PhantomStructure } from './phantom-structure.js';

/**
 * What a perfect learner would predict for one case, and what its label would measure in expectation, without what no
 * network can predict.
 */
export interface PhantomPrediction {
  readonly caseId: string;
  /** The loss's name (`lossName`). */
  readonly loss: string;
  readonly predictedVolume: number;
  readonly expectedVolume: number;
}

export interface PhantomTheoryRequest {
  readonly phantom: PhantomSettings;
  readonly seed: number;
  readonly name: string;
  readonly preprocessing: PreprocessSettings;
  /** The grid on which volumes are measured. */
  readonly grid: EvaluationGrid;
  /** The networks' input and output, in voxels of the prepared image. */
  readonly cropShape: Triple;
  readonly outputShape: Triple;
  readonly losses: readonly LossChoice[];
  readonly training: LearnerSettings;
}

/**
 * The theory for each case of a phantom data set as the pipeline prepares it: core and regions are drawn again, taken
 * through the preparation of the case's mask one by one, and counted on the prepared grid, inside what the networks
 * predict. Regions lie too far apart to affect one another where a mask is interpolated and thresholded.
 *
 * On the native grid, the expected volume is that of the regions as drawn, as far as networks predict them; a prediction
 * keeps its volume when it is carried back onto that grid, but for what lies outside the original image. Volumes are in ml (3D) or hundreds of
 * prepared pixels (2D).
 */
export function phantomTheory(request: PhantomTheoryRequest): PhantomPrediction[] {
  const { phantom, seed, name, losses, training, grid } = request;
  return Array.from({ length: phantom.cases }, (_, caseIndex) => {
    const drawn = drawStructure(phantom, { seed, name, caseIndex });
    const { structure, expectedOnNative } = knownStructure(drawn, request);
    return losses.map((loss) => {
      const { predictedVolume, expectedVolume } = perfectLearner(loss, structure, training);
      return {
        caseId: phantomCaseId(caseIndex),
        loss: lossName(loss),
        predictedVolume,
        expectedVolume: grid === 'native' ? expectedOnNative : expectedVolume,
      };
    });
  }).flat();
}

function knownStructure(
  { grid, label, core, regions }: PhantomStructure,
  { phantom, preprocessing, cropShape, outputShape, grid: measuredOn }: PhantomTheoryRequest,
): { readonly structure: KnownStructure; readonly expectedOnNative: number } {
  // A region of interest is centred on the label as drawn.
  const { axes, prepare } = maskPreparation({ grid, values: label }, 'the phantom', preprocessing);
  const prepared = [core, ...regions].map((values) => prepare({ grid, values }));
  const { grid: preparedGrid } = prepared[0] as CoverageMap;
  const size = voxelSizeOf(phantom.dimensions, preparedGrid).voxelVolume;
  const reach = Float32Array.from(predictedVoxels(outputShape, { cropShape, gridShape: preparedGrid.shape }));
  const countedVoxels = reach.reduce((sum, one) => sum + one, 0);
  const coverages = [core, ...regions].map((values) => sumWhere(coverageOf({ grid, values }, axes).values, reach));
  const [coveredByCore = 0, ...coveredByRegions] = coverages;
  const expectedOnNative = coveredByCore + phantom.probability * coveredByRegions.reduce((sum, one) => sum + one, 0);
  if (measuredOn === 'native') {
    const original = coverageOf({ grid, values: new Uint8Array(voxelCount(grid.shape)).fill(1) }, axes);
    for (let i = 0; i < reach.length; i++) reach[i] = (reach[i] as number) * (original.values[i] as number);
  }
  const [preparedCore = 0, ...preparedRegions] = prepared.map(({ values }) => sumWhere(values, reach));
  return {
    structure: {
      core: preparedCore,
      regions: preparedRegions,
      probability: phantom.probability,
      voxelVolume: size,
      countedVoxels,
      predictedVoxels: voxelCount(outputShape),
    },
    expectedOnNative: expectedOnNative * size,
  };
}

function sumWhere(values: ArrayLike<number>, reach: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (reach[i] as number); // in range
  return sum;
}
