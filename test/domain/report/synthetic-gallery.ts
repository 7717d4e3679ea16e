import type { GalleryCase, GalleryDataSet, GalleryView } from '../../../domain/report/gallery/gallery.js';
import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { losses, models, syntheticRows } from './synthetic-report-input.js';

/** A PNG of one grey pixel, by sharp. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

const edges = {
  axial: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
  coronal: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
  sagittal: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
} as const;

function viewOf(name: 'picture' | keyof typeof edges): GalleryView {
  return {
    place: { name, edges: name === 'picture' ? null : edges[name], width: 40, height: 20, spacingMm: [1.5, 3] },
    picture: pixel,
    truth: 'M10 10l20 0 0 20z',
    maps: models.flatMap(() =>
      losses.map((loss) => ({ picture: pixel, outline: 'M10 10l30 0 0 30z', openShare: loss === 'ce' ? 0.6 : 0.1 })),
    ),
  };
}

/** Two cases of a data set of the synthetic results. */
export function syntheticGalleryOf(
  dataSet: string,
  rows: readonly ReportedRow[] = syntheticRows(),
  dimensions: 2 | 3 = 3,
): GalleryDataSet {
  const own = rows.filter((row) => row.dataSet === dataSet);
  const cases = [...new Set(own.map(({ caseId }) => caseId))].slice(0, 2);
  const planes = dimensions === 2 ? (['picture'] as const) : (['axial', 'coronal', 'sagittal'] as const);
  return {
    ...{ dataSet, chosenBy: { model: 'unet', loss: 'sd' }, threshold: 0.5, modality: 'T1' },
    cases: cases.map((caseId, index): GalleryCase => {
      const ofCase = own.filter((row) => row.caseId === caseId);
      const [{ truthVolume, unpredictableVolume, unit }] = ofCase as [ReportedRow];
      return {
        ...{ caseId, truthVolume, unpredictableVolume, unit, place: index === 0 ? 'best' : 'worst' },
        arms: models.flatMap((model) =>
          losses.map((loss) => {
            const row = ofCase.find((one) => one.model === model && one.loss === loss);
            return { model, loss, volumeError: row?.volumeError ?? null };
          }),
        ),
        views: planes.map(viewOf),
      };
    }),
  };
}
