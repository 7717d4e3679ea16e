import type { Config, DataSetConfig } from '../configs/config-schema.js';
import type { VolumeUnit } from '../domain/evaluate/voxel-size.js';
import { phantomTheory } from '../domain/phantom/phantom-theory.js';
import { shardCount, unitId } from '../domain/plan/units.js';
import { paperDataSetOf } from '../domain/results/paper/paper-data-set.js';
import type { PreparedDataSet, TheoryPrediction } from '../domain/results/results-input.js';
import { outputShape } from '../domain/training/networks/node-shapes.js';
import { preprocessSettings } from '../storage/datasets/read-case.js';
import { preprocess } from './preprocess.js';
import { scan } from './scan.js';
import { statistics } from './statistics.js';
import type { SummaryOf } from './step.js';
import type { StepInput } from './step-inputs.js';
import { cropShapeOf } from './training/unit-cases.js';

/** What a report says of each data set, as far as it has been scanned, prepared and described. */
export function describeDataSets(
  { dataSets }: Config,
  found: {
    readonly scanned: readonly StepInput<SummaryOf<typeof scan>>[];
    readonly prepared: readonly StepInput<SummaryOf<typeof preprocess>>[];
    readonly described: readonly StepInput<SummaryOf<typeof statistics>>[];
  },
): PreparedDataSet[] {
  return dataSets.map((dataSet) => {
    const { name } = dataSet;
    const { cases = [] } =
      found.described.find(({ unit }) => unit === unitId(statistics.name, { dataSet: name }))?.summary ?? {};
    const scanOfOwn = found.scanned.find(({ unit }) => unit === unitId(scan.name, { dataSet: name }))?.summary;
    const shards = Array.from({ length: shardCount(scanOfOwn?.cases.length ?? 0) }, (_, shard) =>
      unitId(preprocess.name, { dataSet: name, shard }),
    );
    const paperDataSet = paperDataSetOf(dataSet, cases);
    const ofShards = found.prepared.filter(({ unit }) => shards.includes(unit)).map(({ summary }) => summary);
    return {
      name,
      unit: unitOf(dataSet),
      cases: cases.length,
      participants: new Set(cases.map(({ participant }) => participant)).size,
      quality: cases.map(({ id, quality }) => ({
        caseId: id,
        volumeBefore: quality.volumeBefore,
        volumeAfter: quality.volumeAfter,
        structureVoxels: quality.structureVoxelsAfter,
        unpredictable: quality.unpredictable,
        nonFiniteVoxels: quality.nonFiniteVoxels ?? 0,
        intensities: quality.intensities,
        ...(quality.aligned !== undefined && { aligned: quality.aligned }),
        ...(quality.shearDegrees !== undefined && { shearDegrees: quality.shearDegrees }),
      })),
      excluded: [...(scanOfOwn?.excluded ?? []), ...ofShards.flatMap(({ excluded = [] }) => excluded)]
        .map(({ id, reason }) => ({ caseId: id, reason }))
        .sort((a, b) => (a.caseId < b.caseId ? -1 : 1)),
      ...(paperDataSet !== undefined && { paperDataSet }),
      warnings: [...(scanOfOwn?.warnings ?? []), ...ofShards.flatMap(({ warnings = [] }) => warnings)],
    };
  });
}

function unitOf({ preprocessing }: DataSetConfig): VolumeUnit {
  return preprocessing.crop.length === 2 ? 'hundredPixels' : 'ml';
}

/**
 * What a perfect learner would predict for each case of a phantom, whose uncertainty is known. Nothing where a mask also
 * decides what networks predict, or where the voxels are declared to have another size than they were drawn with.
 */
export function theoryOf(
  dataSet: DataSetConfig,
  { seed, arms, network, evaluation, training }: Config,
): TheoryPrediction[] {
  const { phantom, preprocessing, name, modalities, overrideSpacingMm } = dataSet;
  const [model] = arms.models; // any: their outputs have the same shape
  if (phantom === undefined || preprocessing.mask !== 'none' || overrideSpacingMm !== undefined) return [];
  if (model === undefined) return [];
  const settings = preprocessSettings({ ...dataSet, upsampling: network.upsampling });
  const cropShape = cropShapeOf(preprocessing.crop);
  const { dimensions } = settings;
  const choice = { model, dimensions, channels: modalities.length, upsampling: network.upsampling };
  return phantomTheory({
    ...{ phantom, seed, name, cropShape, losses: arms.losses, training, grid: evaluation.grid },
    preprocessing: settings,
    outputShape: outputShape(choice, cropShape),
  }).map((prediction) => ({ dataSet: name, ...prediction }));
}
