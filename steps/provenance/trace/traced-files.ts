import type { TracedFile } from '../../../domain/lineage/trace.js';
import { parseUnitName } from '../../../domain/plan/unit-name.js';
import { pathOf, type ScannedFile } from '../../../storage/datasets/scan-cases.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import type { RecordedWork } from '../../../storage/store/work-records.js';
import type { DataSetLocation } from '../../../storage/sweeps/sweep-records.js';
import { scan } from '../../scan.js';
import { summaryOfWork } from '../recorded.js';

/** The files of the data sets that the scans among these works have found, and where the sweep looks for them. */
export async function tracedFiles(
  store: ArtifactStore,
  works: readonly RecordedWork[],
  locationOf: (dataSet: string) => DataSetLocation,
): Promise<TracedFile[]> {
  const files: TracedFile[] = [];
  for (const work of works.filter(({ step }) => step === scan.name)) {
    const dataSet = parseUnitName(work.unit)?.coordinates.dataSet ?? '';
    const location = locationOf(dataSet);
    const add = (own: string, role: string, file: ScannedFile): void => {
      for (const one of [file, ...(file.companions ?? [])]) {
        files.push({ path: pathOf(location, one), sha256: one.digest, dataSet, case: own, role });
      }
    };
    for (const { id, images, label } of (await summaryOfWork(store, scan, work)).cases) {
      for (const image of images) add(id, image.modality, image);
      add(id, 'label', label);
    }
  }
  return files;
}
