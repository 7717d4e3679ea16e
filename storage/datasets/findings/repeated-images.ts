import type { FileDigests } from '../../files/file-digests.js';
import { digestsOfImage, type FileDigest } from '../../images/image-digests.js';
import { detachedEnding } from '../../images/image-place.js';
import type { CaseFiles } from '../case-files.js';
import { listOf, type Finding } from './finding.js';

/**
 * Images with the same bytes in several cases: an error if the cases belong to different participants, because a
 * network could then train on its test data, and a warning if they belong to the same participant.
 */
export async function repeatedImages(cases: readonly CaseFiles[], digests: FileDigests): Promise<Finding[]> {
  const first = new Map<string, { readonly own: CaseFiles; readonly modality: string }>();
  const findings: Finding[] = [];
  for (const own of cases) {
    const seenHere = new Set<string>();
    for (const { modality, path } of own.images) {
      const digest = await contentDigest(path, digests);
      if (digest === undefined) continue;
      if (seenHere.has(digest)) continue;
      seenHere.add(digest);
      const other = first.get(digest);
      if (other === undefined) {
        first.set(digest, { own, modality });
        continue;
      }
      findings.push({
        severity: other.own.participant === own.participant ? 'warning' : 'error',
        case: own.id,
        message: `its image ${modality} is identical to ${other.modality} of case ${other.own.id}`,
      });
    }
  }
  return findings;
}

/** Masks with the same bytes in several cases, of which at most one can be right unless they are empty: a warning for each group. */
export function repeatedMasks(
  cases: readonly {
    readonly id: string;
    readonly labelOutlines: CaseFiles['labelOutlines'] | undefined;
    readonly content: string | undefined;
  }[],
): Finding[] {
  const groups = new Map<string, string[]>();
  for (const { id, content, labelOutlines } of cases) {
    // One file has the outlines of all cases.
    if (content === undefined || labelOutlines !== undefined) continue;
    groups.set(content, [...(groups.get(content) ?? []), id]);
  }
  return [...groups.values()]
    .filter((ids) => ids.length > 1)
    .map((ids) => ({
      severity: 'warning',
      message: `the masks of ${ids.length} cases are identical (${listOf(ids)})`,
    }));
}

/** The digests of an image's voxels. Undefined if reading it would be refused. */
export async function contentDigest(path: string, digests: FileDigests): Promise<string | undefined> {
  const files = await digestsOfImage(path, digests);
  return files && contentOfFiles(files);
}

/** Sorted, because either file of a pair may be the one that is named. A detached header names the file of its voxels. */
export function contentOfFiles([named, ...others]: readonly FileDigest[]): string {
  const isDetached = named !== undefined && detachedEnding.test(named.path);
  const files = named === undefined || (isDetached && others.length > 0) ? others : [named, ...others];
  return files
    .map((file) => file.digest)
    .sort()
    .join();
}
