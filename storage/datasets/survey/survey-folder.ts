import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError } from '../../../domain/domain-error.js';
import type { Grid } from '../../../domain/image/grid.js';
import { readOrdinaryFile } from '../../files/ordinary-file.js';
import { readGrid } from '../../images/image-grid.js';
import type { CaseFiles, RejectedCase } from '../case-files.js';
import { DataSetFolder } from '../data-set-folder.js';
import { ignoredLabel, type IgnoredLabel } from '../ignored-label.js';
import { findCases } from '../layouts/index.js';
import { casesOfFolders } from './case-folders.js';
import { guessLayout, type LayoutGuess } from './guess-layout.js';
import { layoutForms } from './layout-forms.js';
import { surveyMasks, type MaskSurvey } from './survey-masks.js';

/** What a folder of images contains, as far as names, headers and some masks tell. */
export interface Survey extends LayoutGuess {
  /** Those that can be used. */
  readonly cases: readonly CaseFiles[];
  readonly participants: number;
  /** Cases that the layout refuses, and those whose headers cannot be read. */
  readonly faulty: readonly RejectedCase[];
  /** Of the first modality of each case. */
  readonly grids: readonly Grid[];
  readonly dimensions: 2 | 3;
  /** Whether some image has a fourth axis that the layout does not explain. */
  readonly hasSeries: boolean;
  readonly masks: MaskSurvey;
  /** What nnU-Net's dataset.json calls "ignore"; undefined without that. */
  readonly ignored: IgnoredLabel | undefined;
  /** Participants that BIDS' participants.tsv lists; undefined without the file. */
  readonly listedParticipants: number | undefined;
}

/**
 * Looks at a folder of images: its layout, the header of each case's first image, and the values of some masks. DATA_SET_INVALID
 * if its layout is not known, with what each layout looks like and what was found, or if there is no case that can be used.
 */
export async function surveyFolder(root: string): Promise<Survey> {
  await refuseFile(root);
  const guess = await guessLayout(root);
  if (guess === undefined) throw await unknownLayout(root);
  const faulty: RejectedCase[] = [];
  const options = {
    modalities: guess.modalities,
    onRejected: ({ id, reason }: RejectedCase) => faulty.push({ id, reason }),
  };
  const cases =
    guess.caseFolders === undefined
      ? await findCases(guess.kind, root, options)
      : await casesOfFolders(await DataSetFolder.open(root), guess.caseFolders, options);
  const grids: Grid[] = [];
  const usable: CaseFiles[] = [];
  let hasSeries = false;
  for (const own of cases) {
    try {
      const [image] = own.images;
      if (image === undefined) continue;
      const { grid, channels } = await readGrid(image.path);
      grids.push(grid);
      usable.push(own);
      if (channels > 1 && image.channel === undefined) hasSeries = true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      faulty.push({ id: own.id, reason: error.message });
    }
  }
  if (usable.length === 0) throw noUsableCase(root, guess, faulty);
  return {
    ...guess,
    ...{ cases: usable, faulty, grids, hasSeries },
    participants: new Set(usable.map(({ participant }) => participant)).size,
    dimensions: grids.every(({ shape }) => shape[2] === 1) ? 2 : 3,
    masks: await surveyMasks(usable),
    ignored: guess.kind === 'nnunet' ? await ignoredLabel(root) : undefined,
    listedParticipants: guess.kind === 'bids' ? await listedParticipants(root) : undefined,
  };
}

/** A table of files may well be meant, but only its folder can be given. */
async function refuseFile(root: string): Promise<void> {
  const isFile = await stat(root).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return;
  const manifest = 'a table of files must be named manifest.csv; give the folder that contains it';
  const remedy = /\.(csv|tsv|txt)$/i.test(root) ? manifest : 'give the folder of the data set';
  throw new DomainError('DATA_SET_INVALID', `${root}: it is a file, not a folder; ${remedy}`, { root });
}

function noUsableCase(root: string, { kind, modalities }: LayoutGuess, faulty: readonly RejectedCase[]): DomainError {
  const reasons = faulty.slice(0, 5).map(({ id, reason }) => `\n  ${id}: ${reason}`);
  const more = faulty.length > 5 ? `\n  … and ${faulty.length - 5} more` : '';
  const what = `it looks like ${kind} (${layoutForms[kind]}) with ${modalities.join(', ')}, but no case can be used`;
  return new DomainError('DATA_SET_INVALID', `${root}: ${what}:${reasons.join('')}${more}`, { root });
}

/** The number of rows below the header of participants.tsv. */
async function listedParticipants(root: string): Promise<number | undefined> {
  const text = await readOrdinaryFile(join(root, 'participants.tsv')).catch(() => undefined);
  if (text === undefined) return undefined;
  const [, ...rows] = text.toString('utf8').split(/\r?\n/);
  return rows.filter((row) => row.trim() !== '').length;
}

const mostShown = 20;

/** Which layouts are known, and what the folder contains instead. */
async function unknownLayout(root: string): Promise<DomainError> {
  const folder = await DataSetFolder.open(root);
  const entries = await folder.required();
  const shown = entries.slice(0, mostShown).map(({ name, isFolder }) => `  ${name}${isFolder ? '/' : ''}`);
  const rest = entries.length > mostShown ? [`  … and ${entries.length - mostShown} more`] : [];
  const dicom = entries.some(({ name }) => /\.(dcm|ima)$/i.test(name) || name === 'DICOMDIR');
  const lines = [
    `${root}: its layout is not known. It contains:`,
    ...(entries.length === 0 ? ['  nothing'] : [...shown, ...rest]),
    'The layouts that are known:',
    ...Object.entries(layoutForms).map(([kind, form]) => `  ${kind}: ${form}`),
    ...(dicom ? ['DICOM is not read: convert each series with dcm2niix -z y -o OUTPUT_FOLDER DICOM_FOLDER'] : []),
    'Name the folder that has one of these forms, or write manifest.csv into this one (paths are relative to it).',
  ];
  return new DomainError('DATA_SET_INVALID', lines.join('\n'), { root });
}
