import type { Config } from '../configs/config-schema.js';
import { trainingPlace, unitId } from '../domain/plan/units.js';
import { chooseCases, type ChosenCase } from '../domain/report/gallery/choose-cases.js';
import type { GalleryCase, GalleryDataSet, GalleryMap } from '../domain/report/gallery/gallery.js';
import { greyLevels, intensityWindow } from '../domain/report/gallery/grey-levels.js';
import { outlinePath } from '../domain/report/gallery/outline.js';
import { sliceOf, slicePlaces, turnedForDisplay } from '../domain/report/gallery/planes.js';
import type { ReportedRow } from '../domain/evaluate/evaluation-row.js';
import { lossName } from '../domain/training/losses/loss-choice.js';
import { readPreparedVoxels } from '../storage/cases/prepared-cases.js';
import { decodePrediction } from '../storage/cases/stored-predictions.js';
import { encodeGreyPng } from '../storage/images/encode-png.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import { evaluate } from './evaluate.js';
import { statistics } from './statistics.js';
import type { SummaryOf } from './step.js';
import type { StepInput } from './step-inputs.js';

interface GallerySources {
  readonly config: Config;
  readonly rows: readonly ReportedRow[];
  readonly described: readonly StepInput<SummaryOf<typeof statistics>>[];
  readonly evaluated: readonly StepInput<SummaryOf<typeof evaluate>>[];
  readonly store: ArtifactStore;
}

type PreparedCase = SummaryOf<typeof statistics>['cases'][number];

/** The data sets with results, each with the cases that stand for it. */
export async function galleryOf(sources: GallerySources): Promise<GalleryDataSet[]> {
  const { config, rows, described } = sources;
  const gallery: GalleryDataSet[] = [];
  for (const { name, modalities } of config.dataSets) {
    const own = rows.filter(({ dataSet }) => dataSet === name);
    const chosenBy = choosingArm(config, own);
    const summary = described.find(({ unit }) => unit === unitId(statistics.name, { dataSet: name }))?.summary;
    if (chosenBy === undefined || summary === undefined) continue;
    const { model, loss } = chosenBy;
    const chosen = chooseCases(own.filter((row) => row.model === model && row.loss === loss));
    const cases: GalleryCase[] = [];
    for (const one of chosen) {
      const prepared = summary.cases.find(({ id }) => id === one.caseId);
      if (prepared !== undefined) cases.push(await galleryCase(sources, { dataSet: name, own, one, prepared }));
    }
    gallery.push({
      dataSet: name,
      chosenBy,
      threshold: config.evaluation.threshold,
      modality: modalities[0] ?? '',
      cases,
    });
  }
  return gallery;
}

/** Soft Dice, or whatever the first loss beside cross-entropy is, with the last of the models that has results with it. */
function choosingArm({ arms }: Config, rows: readonly ReportedRow[]): GalleryDataSet['chosenBy'] | undefined {
  const losses = arms.losses.map(lossName);
  const preferred = ['sd', ...losses.filter((loss) => loss !== 'ce'), 'ce'];
  for (const loss of preferred) {
    const model = arms.models.findLast((name) => rows.some((row) => row.model === name && row.loss === loss));
    if (model !== undefined) return { model, loss };
  }
  return undefined;
}

interface CaseRequest {
  readonly dataSet: string;
  /** Of the data set. */
  readonly own: readonly ReportedRow[];
  readonly one: ChosenCase;
  readonly prepared: PreparedCase;
}

async function galleryCase(
  { config, evaluated, store }: GallerySources,
  { dataSet, own, one, prepared }: CaseRequest,
): Promise<GalleryCase> {
  const { crop } = config.dataSets.find(({ name }) => name === dataSet)?.preprocessing ?? { crop: [] };
  const dimensions = crop.length === 2 ? 2 : 3;
  const voxels = await readPreparedVoxels(store, prepared.artifact);
  const { grid, turn } = turnedForDisplay(voxels.grid, dimensions);
  const image = turn(voxels.images[0] ?? new Float32Array());
  const label = turn(voxels.label);
  const window = intensityWindow(image.values);
  const arms: { row: ReportedRow | undefined; model: string; loss: string }[] = config.arms.models.flatMap((model) =>
    config.arms.losses.map(lossName).map((loss) => ({
      ...{ model, loss },
      row: own.find(
        (row) => row.caseId === one.caseId && row.model === model && row.loss === loss && (row.repeat ?? 0) === 0,
      ),
    })),
  );
  const predicted = [];
  for (const { row } of arms) {
    const bytes = row && (await predictionOf(row, evaluated));
    predicted.push(bytes && turn(decodePrediction(bytes, voxels.grid)));
  }
  const views: GalleryCase['views'][number][] = [];
  for (const place of slicePlaces(grid, label, dimensions)) {
    const maps: (GalleryMap | null)[] = [];
    for (const map of predicted) {
      const slice = map && sliceOf(map, place);
      maps.push(
        slice === undefined
          ? null
          : {
              picture: await pngText(greyLevels(slice, [0, 1]), place),
              outline: outlinePath(slice, place, config.evaluation.threshold),
            },
      );
    }
    const { name, edges, index, width, height, spacingMm } = place;
    views.push({
      place: { name, edges, index, width, height, spacingMm },
      picture: await pngText(greyLevels(sliceOf(image, place), window), place),
      truth: outlinePath(sliceOf(label, place), place, 0.5),
      maps,
    });
  }
  const first = own.find((row) => row.caseId === one.caseId);
  return {
    ...one,
    truthVolume: first?.truthVolume ?? 0,
    unit: first?.unit ?? 'ml',
    arms: arms.map(({ model, loss, row }) => ({ model, loss, volumeError: row?.volumeError ?? null })),
    views,
  };
}

async function pngText(pixels: Uint8Array, size: { readonly width: number; readonly height: number }): Promise<string> {
  return (await encodeGreyPng(pixels, size)).toString('base64');
}

async function predictionOf(
  { dataSet, model, loss, fold, repeat = 0, caseId }: ReportedRow,
  evaluated: readonly StepInput<SummaryOf<typeof evaluate>>[],
): Promise<Uint8Array | undefined> {
  const unit = unitId(evaluate.name, { dataSet, model, loss, ...trainingPlace(fold, repeat) });
  const result = evaluated.find((one) => one.unit === unit);
  const file = result?.summary.predictions.find((one) => one.caseId === caseId)?.file;
  return file === undefined ? undefined : result?.file(file);
}
