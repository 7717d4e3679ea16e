import { findBidsCases } from './bids.js';
import { findBratsCases } from './brats.js';
import type { CaseFiles, FindCases, LayoutOptions } from '../case-files.js';
import { findDecathlonCases } from './decathlon.js';
import { findFolder2dCases } from './folder2d.js';
import { findIsles2017Cases } from './isles2017.js';
import { findIsles2018Cases } from './isles2018.js';
import { findManifestCases } from './manifest.js';
import { findNnunetCases } from './nnunet.js';
import { findTuftsCases } from './tufts.js';

/** All supported layouts, by their name in configs. */
const layouts = {
  folder2d: findFolder2dCases,
  decathlon: findDecathlonCases,
  nnunet: findNnunetCases,
  brats: findBratsCases,
  isles2017: findIsles2017Cases,
  isles2018: findIsles2018Cases,
  bids: findBidsCases,
  tufts: findTuftsCases,
  manifest: findManifestCases,
} as const satisfies Record<string, FindCases>;

export type DataSetKind = keyof typeof layouts;

/**
 * The cases of a data set below its root, sorted by id. DATA_SET_INVALID if the root does not have this layout, has no
 * cases, or has faulty cases. For faulty cases the error lists all of them, what each lacks, and where it was expected.
 */
export async function findCases(kind: DataSetKind, root: string, options: LayoutOptions): Promise<CaseFiles[]> {
  return layouts[kind](root, options);
}
