/** How the names of masks end that are named after their images: `c1_mask`, `c1-seg`. */
const maskEnding = /[_-](masks?|seg|segmentation|labels?|gt)$/i;

/** The stem of the image that a mask belongs to: its own, or its own without `_mask`, `_seg`, … where only such an image exists. */
export function imageStemOfMask(stem: string, hasImage: (stem: string) => boolean): string {
  const plain = stem.replace(maskEnding, '');
  return !hasImage(stem) && hasImage(plain) ? plain : stem;
}

/** Masks by the stems of their images instead of their own, unless several would be the mask of one image. */
export function byImageStem<T>(
  masks: ReadonlyMap<string, T>,
  images: { readonly has: (stem: string) => boolean },
): Map<string, T> {
  const imageOf = (stem: string): string => imageStemOfMask(stem, (one) => images.has(one));
  const counts = new Map<string, number>();
  for (const stem of masks.keys()) counts.set(imageOf(stem), (counts.get(imageOf(stem)) ?? 0) + 1);
  return new Map([...masks].map(([stem, mask]) => [counts.get(imageOf(stem)) === 1 ? imageOf(stem) : stem, mask]));
}
