import type { Config } from '../configs/config-schema.js';
import { dimensionsOf } from '../domain/preprocess/crop.js';
import { trainingPlace, unitId } from '../domain/plan/units.js';
import { chooseCases, type ChosenCase } from '../domain/report/gallery/choose-cases.js';
import type { GalleryCase, GalleryDataSet, GalleryMap } from '../domain/report/gallery/gallery.js';
import { greyLevels, intensityWindow, openShare } from '../domain/report/gallery/grey-levels.js';
import { leastOutlined, outlinePath } from '../domain/report/gallery/outline.js';
import {
  sliceOf,
  slicePlaces,
  turnedForDisplay,
  type Sliceable,
  type SlicePlace,
} from '../domain/report/gallery/planes.js';
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
  const dimensions = dimensionsOf(crop);
  const { threshold } = config.evaluation;
  const voxels = await readPreparedVoxels(store, prepared.artifact);
  const { grid, turn } = turnedForDisplay(voxels.grid, dimensions);
  const image = turn(voxels.images[0] ?? new Float32Array());
  const label = turn(voxels.label);
  const window = intensityWindow(image.values);
  const places = slicePlaces(grid, label, dimensions);
  const ofCase = own.filter(({ caseId }) => caseId === one.caseId);
  const arms: GalleryCase['arms'][number][] = [];
  const maps: (readonly GalleryMap[] | null)[] = [];
  // One after the other: a whole prediction may be large, its slices are not.
  for (const model of config.arms.models) {
    for (const loss of config.arms.losses.map(lossName)) {
      const row = firstRepeat(ofCase.filter((row) => row.model === model && row.loss === loss));
      const bytes = row && (await predictionOf(row, evaluated));
      arms.push({ model, loss, volumeError: row?.volumeError ?? null });
      maps.push(bytes ? await mapsOf(turn(decodePrediction(bytes, voxels.grid)), places, threshold) : null);
    }
  }
  const views = places.map(async (place, index) => {
    const { name, edges, width, height, spacingMm } = place;
    return {
      place: { name, edges, width, height, spacingMm },
      picture: await pngText(greyLevels(sliceOf(image, place), window), place),
      truth: outlinePath(sliceOf(label, place), place, { level: 0.5 }),
      maps: maps.map((ofArm) => ofArm?.[index] ?? null),
    };
  });
  return {
    ...one,
    truthVolume: ofCase[0]?.truthVolume ?? 0,
    unpredictableVolume: ofCase[0]?.unpredictableVolume ?? 0,
    unit: ofCase[0]?.unit ?? 'ml',
    arms,
    views: await Promise.all(views),
  };
}

function firstRepeat(rows: readonly ReportedRow[]): ReportedRow | undefined {
  return rows.toSorted((a, b) => (a.repeat ?? 0) - (b.repeat ?? 0))[0];
}

/** What an arm predicts at each place. */
function mapsOf(prediction: Sliceable, places: readonly SlicePlace[], threshold: number): Promise<GalleryMap[]> {
  return Promise.all(
    places.map(async (place) => {
      const slice = sliceOf(prediction, place);
      return {
        picture: await pngText(greyLevels(slice, [0, 1]), place),
        outline: outlinePath(slice, place, { level: threshold, leastPixels: leastOutlined }),
        openShare: openShare(slice),
      };
    }),
  );
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
