import { DomainError } from '../../../domain/domain-error.js';
import { pictureEnding } from '../../images/image-files.js';
import type { CaseFiles } from '../case-files.js';
import { listOf, type Finding } from './finding.js';

/** A warning for each modality whose pictures have 8 bits in some cases and 16 in others, as their headers tell. */
export async function bitDepthFindings(cases: readonly CaseFiles[]): Promise<Finding[]> {
  const pictures = cases.flatMap(({ id, images }) => {
    return images.filter(({ path }) => pictureEnding.test(path)).map((image) => ({ id, ...image }));
  });
  if (pictures.length === 0) return [];
  // The decoder takes longer to load than most verbs to run.
  const { pictureBits } = await import('../../images/picture-files.js');
  const found = new Map<string, Map<number, string[]>>();
  for (const { id, modality, path } of pictures) {
    const bits = await pictureBits(path).catch(undefinedIfUnreadable);
    if (bits === undefined) continue;
    const depths = found.get(modality) ?? new Map<number, string[]>();
    found.set(modality, depths.set(bits, [...(depths.get(bits) ?? []), id]));
  }
  return [...found].flatMap(([modality, depths]): Finding[] => {
    if (depths.size < 2) return [];
    const listed = [...depths].sort(([a], [b]) => a - b).map(([bits, ids]) => `${bits} bits (${listOf(ids)})`);
    const scales = 'so their values have different scales; save all with one depth';
    return [{ severity: 'warning', message: `pictures of ${modality} have ${listed.join(' and ')}, ${scales}` }];
  });
}

/** Reading the case tells why. */
function undefinedIfUnreadable(error: unknown): undefined {
  if (error instanceof DomainError) return undefined;
  throw error;
}
