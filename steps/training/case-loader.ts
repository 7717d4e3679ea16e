import type { Triple } from '../../domain/image/grid.js';
import { countedVoxels } from '../../domain/preprocess/mask/counted-voxels.js';
import { centralCrop } from '../../domain/preprocess/crop.js';
import { normaliseInto, type Normalisation } from '../../domain/preprocess/normalise.js';
import { clearOutside } from '../../domain/preprocess/roi.js';
import type { TrainingCase } from '../../learning/training/training-case.js';
import { readPreparedVoxels, type PreparedVoxels } from '../../storage/cases/prepared-cases.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { CaseStatistics } from '../statistics.js';
import { cropShapeOf, normalisationOf, type NetworkSettings, type UnitCases } from './unit-cases.js';

/** Crops kept in memory between epochs, at most; what does not fit is read again. */
const cacheBytes = 1 << 30;

/** A case as networks see it: normalised, then cropped, so that padding is 0, the mean. */
export function toNetworkCase(
  voxels: PreparedVoxels,
  { normalisation, cropShape }: { readonly normalisation: readonly Normalisation[]; readonly cropShape: Triple },
): TrainingCase {
  const { shape } = voxels.grid;
  const mask = countedVoxels({ shape, ...(voxels.mask !== undefined && { mask: voxels.mask }) }, cropShape);
  return {
    shape: cropShape,
    images: voxels.images.map((values, channel) => {
      const own = normalised(values, normalisation[channel]);
      if (voxels.picture !== undefined) clearOutside(own, shape[0], voxels.picture);
      return centralCrop({ values: own, shape }, cropShape);
    }),
    label: centralCrop({ values: voxels.label, shape }, cropShape),
    ...(mask !== undefined && { mask }),
  };
}

function normalised(values: Float32Array, by: Normalisation | undefined): Float32Array {
  const copy = values.slice();
  normaliseInto(copy, by ?? { mean: 0, deviation: 1 });
  return copy;
}

/** Makes of a prepared case of a unit what its network sees. */
export function networkCases(
  cases: UnitCases,
  { normalisation: { scope }, crop }: NetworkSettings,
): (own: CaseStatistics, voxels: PreparedVoxels) => TrainingCase {
  const cropShape = cropShapeOf(crop);
  return (own, voxels) => toNetworkCase(voxels, { normalisation: normalisationOf(cases, own, scope), cropShape });
}

/** Loads cases by id and keeps as many as fit. */
export function caseLoader(
  store: ArtifactStore,
  cases: UnitCases,
  settings: NetworkSettings,
): (handle: { readonly id: string }) => Promise<TrainingCase> {
  const byId = new Map([...cases.training, ...cases.heldOut].map((own) => [own.id, own]));
  const toCase = networkCases(cases, settings);
  const kept = new Map<string, TrainingCase>();
  let keptBytes = 0;
  return async ({ id }) => {
    const found = kept.get(id);
    if (found !== undefined) return found;
    const own = byId.get(id);
    if (own === undefined) throw new Error('asked for a case that is not in this data set');
    const loaded = toCase(own, await readPreparedVoxels(store, own.artifact));
    const size = loaded.images.reduce((sum, image) => sum + image.byteLength, 2 * loaded.label.byteLength);
    if (keptBytes + size <= cacheBytes) {
      kept.set(id, loaded);
      keptBytes += size;
    }
    return loaded;
  };
}
