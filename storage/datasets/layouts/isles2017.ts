import { CaseCollection } from '../case-collection.js';
import type { FindCases } from '../case-files.js';
import { DataSetFolder } from '../data-set-folder.js';
import { islesCaseFolders } from './isles-folders.js';

/**
 * ISLES 2017: `training_1/VSD.Brain.XX.O.MR_ADC.128020/….nii`, mask `…O.OT.…`. The modalities ADC, MTT, rCBF, rCBV, TTP
 * and Tmax are the names after `MR_`; the raw perfusion series MR_4DPWI is not read. The id is the case folder's name.
 */
export const findIsles2017Cases: FindCases = async (root, options) => {
  const folder = await DataSetFolder.open(root);
  const collection = new CaseCollection(folder, options);
  for (const { id, files, twice } of await islesCaseFolders(folder, /^training_\d+$/i)) {
    if (twice.length > 0) {
      collection.reject(id, `it has several images of ${twice.join(', ')}`);
      continue;
    }
    await collection.offer({
      id,
      images: options.modalities.map((modality) => ({
        modality,
        path: files.get(`MR_${modality}`),
        lookedFor: `${id}/*.O.MR_${modality}.*/*.nii`,
      })),
      label: { path: files.get('OT'), lookedFor: `${id}/*.O.OT.*/*.nii` },
    });
  }
  return collection.finish('folders training_1/ with VSD.Brain.XX.O.OT.*/*.nii');
};
