import { networkBuilder } from './network-builder.js';
import type { Network, NetworkChoice } from './network.js';

/** Filters of each level, finest first: two convolutions before pooling, two after up-sampling. */
export const unetLevels = [
  { before: [10, 20], after: [20, 10] },
  { before: [20, 40], after: [40, 20] },
  { before: [40, 80], after: [80, 40] },
] as const;

const bottomFilters = [40, 20] as const;

/** The paper's U-Net: 714,371 parameters in 3D with four channels, 238,181 in 2D with one. */
export function unet(choice: NetworkChoice): Network {
  const builder = networkBuilder();
  const skips: number[] = [];
  let value = 0;
  unetLevels.forEach((level, index) => {
    const skip = builder.convolutions(value, `encoder${String(index + 1)}`, level.before);
    skips.push(skip);
    value = builder.add({ kind: 'pooling', input: skip });
  });
  value = builder.convolutions(value, 'bottom', bottomFilters);
  for (const [index, level] of [...unetLevels.entries()].reverse()) {
    const upsampled = builder.add({ kind: 'upsampling', input: value });
    const merged = builder.add({ kind: 'merging', skip: skips[index] as number, upsampled });
    value = builder.convolutions(merged, `decoder${String(index + 1)}`, level.after);
  }
  builder.logits(value);
  return { ...choice, nodes: builder.nodes, sizeMultiple: 27, minimumSize: 27 };
}
