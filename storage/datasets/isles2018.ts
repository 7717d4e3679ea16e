import { CaseCollection } from './case-collection.js';
import type { FindCases } from './case-files.js';
import { DataFolder } from './data-folder.js';
import { islesCaseFolders } from './isles-folders.js';

const slabWarning =
  'no participants file: the case counts as a participant of its own, but 31 of the 63 participants of ISLES 2018 ' +
  'have two slabs, which may so be torn into different folds';

/**
 * ISLES 2018: `case_1/SMIR.Brain.XX.O.CT.345562/….nii`, mask `…O.OT.…`. The modality CT is the plain scan; Tmax, MTT,
 * CBF, CBV are the maps `CT_Tmax` … (`MR_Tmax` … in an earlier release); the raw series 4DPWI is not read. The id is
 * the case folder's name. Without a participants file each case carries a warning.
 */
export const findIsles2018Cases: FindCases = async (root, options) => {
  const folder = await DataFolder.open(root);
  const collection = new CaseCollection(folder, options);
  for (const { id, files, twice } of await islesCaseFolders(folder, /^case_\d+$/i)) {
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
      ...(options.participants === undefined ? { warning: slabWarning } : {}),
    });
  }
  return collection.finish('folders case_1/ with SMIR.Brain.XX.O.OT.*/*.nii');
};
