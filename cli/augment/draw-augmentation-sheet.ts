import sharp from 'sharp';

import type { Config, DataSetConfig } from '../../configs/config-schema.js';
import { augmentCase, type AugmentableCase } from '../../domain/augment/augment-case.js';
import { previewSheet, type ColourPicture } from '../../domain/augment/preview-sheet.js';
import { tissueRanges, type TissueRange } from '../../domain/augment/tissue-range.js';
import { DomainError } from '../../domain/domain-error.js';
import { formatBrief } from '../../domain/report/words/format-number.js';
import { countStructure } from '../../domain/preprocess/mask/mask.js';
import { normalisationBy } from '../../domain/preprocess/normalise.js';
import type { PreparedCase } from '../../domain/preprocess/preprocess-case.js';
import { randomStream } from '../../domain/random/random-stream.js';
import { trainingStreamName } from '../../domain/training/stream-name.js';
import { writeFileAtomically } from '../../storage/files/atomic-file.js';
import { locateCases, scanCase } from '../../storage/datasets/scan-cases.js';
import { FileDigests } from '../../storage/files/file-digests.js';
import { voxelsOf } from '../../storage/cases/prepared-cases.js';
import { prepareScannedCase } from '../../storage/cases/prepare-scanned-case.js';
import { readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { describeSweep } from '../../storage/sweeps/sweep-records.js';
import { toNetworkCase } from '../../steps/training/case-loader.js';
import { cropShapeOf } from '../../steps/training/unit-cases.js';
import { alone, openProject } from '../project.js';

export interface SheetRequest {
  readonly configPath: string;
  readonly caseId: string;
  readonly dataSet: string | undefined;
  readonly fold: number;
  readonly epochs: number;
  readonly paths: ReadonlyMap<string, string>;
  readonly dataDir: string | undefined;
  /** Path of the PNG. */
  readonly file: string;
}

const layout = { gap: 6, margin: 90 };
const captionHeight = 18;
/** Target size of small images, which are magnified. */
const tilePixels = 200;

interface SheetRow {
  readonly name: string;
  readonly tissue: Readonly<Record<string, TissueRange | null>>;
  /** How much of the original's structure is in the crop, such as 0.9; null where the original has none. */
  readonly structureShare: number | null;
}

export interface Sheet {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** The tissue of each row of the sheet, by modality: before augmentation, then in each epoch. */
  readonly rows: readonly SheetRow[];
}

/** Writes the sheet of a case. */
export async function drawAugmentationSheet(request: SheetRequest): Promise<Sheet> {
  const { config, prepared, dataSet } = await prepareChosenCase(request);
  const { augmentation } = config.training;
  if (augmentation === 'none') {
    throw new DomainError('ARGUMENT_INVALID', `${request.configPath} trains without augmentation`);
  }
  const { folds } = config.split;
  if (request.fold >= folds) {
    throw new DomainError('ARGUMENT_INVALID', `--fold is ${request.fold}, expected 0 to ${folds - 1}`);
  }
  const normalisation = prepared.moments.map(normalisationBy);
  const cropShape = cropShapeOf(dataSet.preprocessing.crop);
  const one = toNetworkCase(voxelsOf(prepared), { normalisation, cropShape });
  const epochs = Array.from({ length: request.epochs }, (_, index) => index + 1);
  const { seed } = config;
  const training = trainingStreamName({ seed, dataSet: dataSet.name, fold: request.fold, repeat: 0 });
  const augmented = epochs.map((epoch) => {
    // The same stream name as in learning/training/batch-preparation.ts.
    const random = randomStream(...training, epoch, request.caseId, 'augment');
    return augmentCase(one, augmentation, random);
  });
  const magnification = Math.max(1, Math.round(tilePixels / Math.max(one.shape[0], one.shape[1])));
  const picture = previewSheet([one, ...augmented], { ...layout, magnification });
  const names = ['original', ...epochs.map((epoch) => `epoch ${String(epoch)}`)];
  const rows = [one, ...augmented].map((shown, row) => {
    const ranges = tissueRanges(shown, normalisation);
    const tissue = Object.fromEntries(
      dataSet.modalities.map((modality, channel) => [modality, ranges[channel] ?? null]),
    );
    return { name: names[row] ?? '', tissue, structureShare: shareOfStructure(one, shown) };
  });
  await writeFileAtomically(request.file, await toPng(picture, rows));
  return { width: picture.width, height: picture.height, rows };
}

function shareOfStructure(original: AugmentableCase, shown: AugmentableCase): number | null {
  const whole = countStructure({ values: original.label });
  return whole === 0 ? null : countStructure({ values: shown.label }) / whole;
}

async function prepareChosenCase(
  request: SheetRequest,
): Promise<{ config: Config; dataSet: DataSetConfig; prepared: PreparedCase }> {
  const { folder } = openProject(alone(request));
  const content = await readSweepContentFor(request.configPath, { paths: request.paths });
  const { config } = content;
  const [only, ...others] = config.dataSets;
  const dataSet =
    request.dataSet === undefined && others.length === 0
      ? only
      : config.dataSets.find(({ name }) => name === request.dataSet);
  if (dataSet === undefined) {
    const names = config.dataSets.map(({ name }) => name).join(', ');
    throw new DomainError('ARGUMENT_INVALID', `choose a data set with --data-set: ${names}`);
  }
  const { locations } = describeSweep(folder, { configPath: request.configPath, paths: request.paths }, content);
  const location = locations[dataSet.name];
  const digests = new FileDigests(folder.fileDigests);
  const cases = location === undefined ? undefined : await locateCases(dataSet, location);
  if (location === undefined || cases === undefined) {
    const message = `the phantom ${dataSet.name} does not exist yet; create it with: volbias run ${request.configPath}`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  const files = cases.find(({ id }) => id === request.caseId);
  if (files === undefined) {
    const some = cases.slice(0, 5).map(({ id }) => id);
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${dataSet.name} has no case "${request.caseId}"; its cases are ${some.join(', ')}, …`,
    );
  }
  const own = await scanCase(files, location, digests);
  const reading = { location, digests, dataSet: { ...dataSet, ...config.network } };
  const { prepared } = await prepareScannedCase(own, reading);
  return { config, dataSet, prepared };
}

/** With each row's name at its left, and the tissue's 5 %, 50 % and 95 % at the foot of each tile. */
async function toPng({ width, height, values }: ColourPicture, rows: Sheet['rows']): Promise<Uint8Array> {
  const rowHeight = (height - layout.gap) / rows.length;
  const texts = rows.map(({ name, tissue }, row) => {
    const columns = Object.values(tissue);
    const tileWidth = (width - layout.margin - layout.gap) / columns.length;
    const foot = layout.gap + rowHeight * (row + 1) - layout.gap;
    const captions = columns.map((range, column) => {
      const left = layout.margin + layout.gap + column * tileWidth;
      const bar = { width: tileWidth - layout.gap, top: foot - captionHeight };
      return `<rect x="${String(left)}" y="${String(bar.top)}" width="${String(bar.width)}" height="${String(captionHeight)}" fill="#000" fill-opacity="0.6"/>${text(tissueText(range), { x: left + 4, y: foot - 5, size: 12 })}`;
    });
    return text(name, { x: 8, y: layout.gap + rowHeight * (row + 0.5), size: 15 }) + captions.join('');
  });
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}">${texts.join('')}</svg>`;
  return sharp(values, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(overlay) }])
    .png({ compressionLevel: 9 })
    .toBuffer();
}

function text(
  words: string,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
): string {
  return `<text x="${String(x)}" y="${String(y)}" fill="#ddd" font-family="sans-serif" font-size="${String(size)}">${words}</text>`;
}

/** `−12.3 · 30.1 · 64.8`: 5 %, 50 % and 95 % of the tissue, in the image's own units. */
export function tissueText(range: TissueRange | null): string {
  if (range === null) return 'no tissue';
  return [range.low, range.median, range.high].map((value) => formatBrief(value)).join(' · ');
}
