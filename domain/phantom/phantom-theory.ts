import { voxelSizeOf } from '../evaluate/voxel-size.js';
import { voxelCount, type LabelMap, type Triple } from '../image/grid.js';
import { pasteIntoGrid } from '../preprocess/crop.js';
import { structurePreparation, type PreprocessSettings } from '../preprocess/preprocess-case.js';
import { perfectLearner, type KnownStructure, type MeasuredPart } from '../theory/prediction/perfect-learner.js';
import type { PhantomSettings } from './phantom-settings.js';
import { drawStructure, phantomCaseId, type PhantomStructure } from './phantom-structure.js';

/** What a perfect learner would predict for one case, and what its label would measure in expectation. */
export interface PhantomPrediction {
  readonly caseId: string;
  readonly loss: 'ce' | 'sd';
  readonly predictedVolume: number;
  readonly expectedVolume: number;
}

export interface PhantomTheoryRequest {
  readonly phantom: PhantomSettings;
  readonly seed: number;
  readonly name: string;
  readonly preprocessing: PreprocessSettings;
  /** The networks' input and output, in voxels of the prepared image. */
  readonly cropShape: Triple;
  readonly outputShape: Triple;
  readonly losses: readonly ('ce' | 'sd')[];
}

/**
 * The theory for each case of a phantom data set as the pipeline prepares it: core and regions are drawn again, taken
 * through the preparation of the case's mask one by one, and counted on the prepared grid, inside and outside what the
 * networks predict. Volumes are in ml (3D) or hundreds of prepared pixels (2D). Regions lie too far apart to affect one
 * another where a mask is interpolated and thresholded.
 */
export function phantomTheory(request: PhantomTheoryRequest): PhantomPrediction[] {
  const { phantom, seed, name, losses } = request;
  return Array.from({ length: phantom.cases }, (_, caseIndex) => {
    const structure = knownStructure(drawStructure(phantom, { seed, name, caseIndex }), request);
    return losses.map((loss) => {
      const { predictedVolume, expectedVolume } = perfectLearner(loss, structure);
      return { caseId: phantomCaseId(caseIndex), loss, predictedVolume, expectedVolume };
    });
  }).flat();
}

function knownStructure(
  { grid, label, core, regions }: PhantomStructure,
  { phantom, preprocessing, cropShape, outputShape }: PhantomTheoryRequest,
): KnownStructure {
  // A region of interest is centred on the label as drawn.
  const prepare = structurePreparation({ grid, values: label }, 'the phantom', preprocessing).label;
  const prepared = [core, ...regions].map((values) => prepare({ grid, values }));
  const gridShape = (prepared[0] as LabelMap).grid.shape;
  const everywhere = { values: new Uint8Array(voxelCount(outputShape)).fill(1), shape: outputShape };
  const reach = pasteIntoGrid(everywhere, { cropShape, gridShape });
  const [preparedCore, ...preparedRegions] = prepared.map(({ values }) => measuredPart(values, reach));
  return {
    core: preparedCore as MeasuredPart,
    regions: preparedRegions,
    probability: phantom.probability,
    voxelVolume: voxelSizeOf(phantom.dimensions, (prepared[0] as LabelMap).grid.spacingMm).voxelVolume,
  };
}

function measuredPart(values: ArrayLike<number>, reach: Uint8Array): MeasuredPart {
  let [voxels, reachableVoxels] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const share = values[i] as number; // in range
    voxels += share;
    reachableVoxels += share * (reach[i] as number);
  }
  return { voxels, reachableVoxels };
}
