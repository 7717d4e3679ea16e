import { networkBuilder } from './network-builder.js';
import { validMargin, type Network, type NetworkChoice } from './network.js';

/**
 * Logistic regression on each voxel's own intensities: one 1-wide convolution with channels + 1 parameters. With
 * `valid` up-sampling it predicts the U-Net's output region only, so that all models of a sweep are compared on the
 * same voxels.
 */
export function lr(choice: NetworkChoice): Network {
  const builder = networkBuilder();
  const crops = choice.upsampling === 'valid';
  builder.logits(crops ? builder.add({ kind: 'cropping', input: 0, margin: validMargin }) : 0);
  return { ...choice, nodes: builder.nodes, sizeMultiple: 1, minimumSize: crops ? 2 * validMargin + 1 : 1 };
}
