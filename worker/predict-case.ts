import { join } from 'node:path';

import { DomainError } from '../domain/domain-error.js';
import { predictionOntoOriginal } from '../domain/evaluate/prediction-onto-original.js';
import { originalVoxelSize, voxelSizeOf } from '../domain/evaluate/voxel-size.js';
import { formatShape, voxelCount, type Grid, type LabelMap, type StoredImage } from '../domain/image/grid.js';
import { pasteIntoGrid } from '../domain/preprocess/crop.js';
import { normalisationBy, type Normalisation } from '../domain/preprocess/normalise.js';
import { preprocessCase, type PreparedCase, type PreprocessSettings } from '../domain/preprocess/preprocess-case.js';
import type { Predictor } from '../learning/network/predict.js';
import { writeFileAtomically } from '../storage/files/atomic-file.js';
import type { EnsembleMember } from '../storage/networks/exported-networks.js';
import { niftiGz } from '../storage/images/nifti-gz.js';
import { readImage, readOneImage, type ReadOptions } from '../storage/images/image-files.js';
import { toNetworkCase } from '../steps/training/case-loader.js';
import { cropShapeOf } from '../steps/training/unit-cases.js';
import { voxelsOf } from '../storage/cases/prepared-cases.js';
import { alignmentRemarks, CaseRemarks, remarkText } from '../storage/datasets/case-remarks.js';
import { preprocessSettings } from '../storage/datasets/read-case.js';
import type { CasePrediction, InputCase, PredictedVolumes, PredictRequest } from './predict-messages.js';

/** A fold's network, ready to predict. */
export interface ReadyMember extends Pick<EnsembleMember, 'fold' | 'normalisation'> {
  readonly predictor: Predictor;
}

/**
 * Predicts a new case with each fold's network, as a sweep predicts its held-out cases; writes the mean of the folds'
 * probability maps and its mask on the input's own grid, onto which they are carried as in the evaluation.
 */
export async function predictCase(
  input: InputCase,
  members: readonly ReadyMember[],
  { ensemble, output, centre }: PredictRequest,
): Promise<CasePrediction> {
  const { preprocessing, modalities, threshold } = ensemble.description;
  // A new case has no label: how one would be resampled changes nothing.
  const settings = preprocessSettings({ preprocessing, label: { resampling: 'volumePreserving' }, upsampling: 'same' });
  const cropShape = cropShapeOf(preprocessing.crop);
  const read = new CaseRemarks();
  const images = await readModalities(input, modalities, read);
  const original = images[0]?.image.grid;
  if (original === undefined) throw new Error('a config has at least one modality');
  const place = placeOfInterest(input, original, { settings, centre });
  const prepared = preprocessCase({ images, label: { source: input.name, map: place }, settings });

  const { axes } = prepared.original;
  const preparedVolume = voxelSizeOf(settings.dimensions, prepared.grid).voxelVolume;
  const { voxelVolume, unit } = originalVoxelSize(settings.dimensions, original, axes);
  const onInput = (values: Float32Array): MapOnInput => {
    const { map, mask } = predictionOntoOriginal({ values, threshold, originalShape: original.shape, axes });
    const volumes = {
      volume: voxelVolume * sumOf(map),
      maskVolume: voxelVolume * sumOf(mask),
      volumeOnPreparedGrid: preparedVolume * sumOf(values),
    };
    return { map, mask, volumes };
  };
  const mean = new Float64Array(voxelCount(prepared.grid.shape));
  const folds = members.map(({ fold, normalisation, predictor }) => {
    const one = toNetworkCase(voxelsOf(prepared), {
      normalisation: normalisationFor(normalisation, prepared),
      cropShape,
    });
    const map = pasteIntoGrid(predictor.predict(one), { cropShape, gridShape: prepared.grid.shape });
    for (let i = 0; i < map.length; i++) mean[i] = (mean[i] as number) + (map[i] as number) / members.length; // inside
    return { fold, ...onInput(map).volumes };
  });
  const { map, mask, volumes } = onInput(Float32Array.from(mean));
  const probabilityFile = join(output, `${input.name}-probability.nii.gz`);
  const maskFile = join(output, `${input.name}-mask.nii.gz`);
  await writeFileAtomically(probabilityFile, niftiGz({ grid: original, values: new Float32Array(map) }));
  await writeFileAtomically(maskFile, niftiGz({ grid: original, values: mask }));
  const deviation = sampleDeviation(folds.map(({ volume }) => volume));
  const remarks = [...read.list().map(remarkText), ...alignmentRemarks(prepared.quality)];
  return { name: input.name, unit, folds, ...volumes, deviation, remarks, probabilityFile, maskFile };
}

interface MapOnInput {
  readonly map: Float64Array;
  readonly mask: Uint8Array;
  readonly volumes: PredictedVolumes;
}

/** Reads one image per modality: each from its own file, or all from the fourth axis of one file. */
async function readModalities(
  { name, files }: InputCase,
  modalities: readonly string[],
  remarks: CaseRemarks,
): Promise<{ modality: string; source: string; image: StoredImage }[]> {
  const [only = ''] = files;
  const noting = (of: string): ReadOptions => ({
    onRemark: (remark) => {
      remarks.add(remark, of);
    },
  });
  const images =
    files.length === 1
      ? (await readImage(only, noting(modalities.join(', ')))).map((image) => ({ source: only, image }))
      : await Promise.all(
          files.map(async (source, index) => ({
            source,
            image: await readOneImage(source, noting(modalities[index] ?? source)),
          })),
        );
  if (images.length !== modalities.length) {
    const expected = `${String(modalities.length)} (${modalities.join(', ')})`;
    throw new DomainError(
      'ARGUMENT_INVALID',
      `case "${name}" has ${String(images.length)} images, expected ${expected}`,
    );
  }
  return images.map((one, index) => ({ modality: modalities[index] ?? '', ...one }));
}

/** Replaces the mask, which a new case lacks: empty, or the one pixel at the centre of the region of interest. */
function placeOfInterest(
  { name }: InputCase,
  grid: Grid,
  { settings, centre }: { readonly settings: PreprocessSettings; readonly centre: PredictRequest['centre'] },
): LabelMap {
  const values = new Uint8Array(voxelCount(grid.shape));
  if (settings.dimensions === 3 || settings.roi === undefined) return { grid, values };
  if (centre === undefined) {
    const message = `case "${name}": these networks see a region around the structure; give its centre with --centre x,y`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  const [x, y] = centre;
  if (x >= grid.shape[0] || y >= grid.shape[1]) {
    const message = `case "${name}": its centre ${x},${y} lies outside the ${formatShape(grid.shape)} pixels`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  values[x + grid.shape[0] * y] = 1;
  return { grid, values };
}

function normalisationFor(
  normalisation: EnsembleMember['normalisation'],
  { moments }: PreparedCase,
): readonly Normalisation[] {
  return normalisation === 'case' ? moments.map(normalisationBy) : normalisation;
}

function sumOf(values: Float32Array | Float64Array | Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function sampleDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
