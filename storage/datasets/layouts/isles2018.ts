import { niftiGrid } from '../../../domain/formats/nifti-header.js';
import { abut } from '../../../domain/image/abutting.js';
import type { Grid } from '../../../domain/image/grid.js';
import { DomainError } from '../../../domain/domain-error.js';
import { readNiftiHeader } from '../../images/nifti-files.js';
import { CaseCollection } from '../case-collection.js';
import type { FindCases } from '../case-files.js';
import { DataSetFolder } from '../data-set-folder.js';
import { islesCaseFolders, type IslesCase } from './isles-folders.js';

// The keys of trainings depend on the text of these warnings.
const slabWarning =
  'no participants file: the case counts as a participant of its own, but 31 of the 63 participants of ISLES 2018 ' +
  'have two slabs, which may so be torn into different folds';

const groupWarning =
  'no participants file: the case counts as of one participant with its neighbour by number, because their two slabs ' +
  'lie side by side';

/**
 * ISLES 2018: `case_1/SMIR.Brain.XX.O.CT.345562/….nii`, mask `…O.OT.…`. The modality CT is the plain scan; Tmax, MTT,
 * CBF and CBV are the maps `CT_Tmax` … (`MR_Tmax` … in an earlier release); the raw series 4DPWI is not read. The id is
 * the case folder's name. Without a participants file, cases with consecutive numbers whose slabs abut count as one
 * participant, named after the first of them, and each case has a warning.
 */
export const findIsles2018Cases: FindCases = async (root, options) => {
  const folder = await DataSetFolder.open(root);
  const collection = new CaseCollection(folder, options);
  const found = await islesCaseFolders(folder, /^case_\d+$/i);
  const participants = options.participants === undefined ? await slabGroups(found) : new Map<string, string>();
  const alone = new Set(found.map(({ id }) => id).filter((id) => !participants.has(id)));
  for (const { id, files, twice } of found) {
    if (twice.length > 0) {
      collection.reject(id, `it has several images of ${twice.join(', ')}`);
      continue;
    }
    await collection.offer({
      id,
      images: options.modalities.map((modality) => ({
        modality,
        path: modality === 'CT' ? files.get('CT') : (files.get(`CT_${modality}`) ?? files.get(`MR_${modality}`)),
        lookedFor: `${id}/*.O.${modality === 'CT' ? 'CT' : `CT_${modality}`}.*/*.nii`,
      })),
      label: { path: files.get('OT'), lookedFor: `${id}/*.O.OT.*/*.nii` },
      participant: participants.get(id) ?? id,
      ...(options.participants === undefined && { warning: alone.has(id) ? slabWarning : groupWarning }),
    });
  }
  return collection.finish('folders case_1/ with SMIR.Brain.XX.O.OT.*/*.nii');
};

/** The participant of each case whose slab abuts that of the case with the previous or next number. */
async function slabGroups(cases: readonly IslesCase[]): Promise<Map<string, string>> {
  const numberOf = ({ id }: IslesCase): number => Number(/\d+$/.exec(id)?.[0]);
  const byNumber = [...cases].sort((a, b) => numberOf(a) - numberOf(b));
  const participants = new Map<string, string>();
  let before: { readonly own: IslesCase; readonly grid: Grid | undefined } | undefined;
  for (const own of byNumber) {
    const grid = await gridOf(own.files.get('CT') ?? own.files.get('OT'));
    const neighbours = before !== undefined && numberOf(own) === numberOf(before.own) + 1;
    if (neighbours && before?.grid !== undefined && grid !== undefined && abut(before.grid, grid)) {
      const participant = participants.get(before.own.id) ?? before.own.id;
      participants.set(before.own.id, participant).set(own.id, participant);
    }
    before = { own, grid };
  }
  return participants;
}

/** Undefined if the header cannot be read; reading the case reports why. */
async function gridOf(path: string | undefined): Promise<Grid | undefined> {
  if (path === undefined) return undefined;
  try {
    return niftiGrid(await readNiftiHeader(path));
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
