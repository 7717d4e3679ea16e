import { networkBuilder } from './network-builder.js';
import { validMargin, type Network, type NetworkChoice } from './network.js';
import { unetLevels } from './unet.js';

/**
 * The U-Net without its two lowest levels: level 1 unchanged, level 2's four convolutions at the bottom, one pooling
 * and one up-sampling.
 *
 * With `valid` up-sampling its natural output size would be n − 2; it is cropped to the U-Net's n − 26. A margin of
 * two voxels is kept for the two convolutions after the merge and cropped afterwards. Zero padding reaches no further
 * than those two voxels, so the values equal those of a crop at the end, for less work.
 */
export function convnet(choice: NetworkChoice): Network {
  const [first, second] = unetLevels;
  const builder = networkBuilder();
  const skip = builder.convolutions(0, 'encoder1', first.before);
  const pooled = builder.add({ kind: 'pooling', input: skip });
  const bottom = builder.convolutions(pooled, 'bottom', [...second.before, ...second.after]);
  let upsampled = builder.add({ kind: 'upsampling', input: bottom });
  const margin = first.after.length;
  const crops = choice.upsampling === 'valid';
  if (crops) upsampled = builder.add({ kind: 'cropping', input: upsampled, margin: validMargin - 1 - margin });
  const merged = builder.add({ kind: 'merging', skip, upsampled });
  let value = builder.convolutions(merged, 'decoder1', first.after);
  if (crops) value = builder.add({ kind: 'cropping', input: value, margin });
  builder.logits(value);
  return { ...choice, nodes: builder.nodes, sizeMultiple: 3, minimumSize: crops ? 2 * validMargin + 1 : 3 };
}
