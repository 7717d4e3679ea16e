import { describeNetwork } from './describe-network.js';
import { validMargin, type Dimensions, type NetworkChoice } from './network.js';

/**
 * The smallest size of a crop's axis that all networks take, and of which they predict at least `length` voxels. With
 * `valid` up-sampling they predict less than they see.
 */
function fittingSize(length: number, networks: readonly NetworkChoice[]): number {
  let size = 1;
  let multiple = 1;
  for (const choice of networks) {
    const { sizeMultiple, minimumSize, upsampling } = describeNetwork(choice);
    multiple = leastCommonMultiple(multiple, sizeMultiple);
    size = Math.max(size, minimumSize, length + (upsampling === 'valid' ? 2 * validMargin : 0));
  }
  return Math.ceil(size / multiple) * multiple;
}

/** The smallest crop that all networks take and of which they predict images of all these shapes; two entries in 2D. */
export function fittingCrop(
  shapes: readonly (readonly number[])[],
  networks: readonly NetworkChoice[],
  dimensions: Dimensions,
): [number, number] | [number, number, number] {
  const along = (axis: number): number =>
    fittingSize(Math.max(1, ...shapes.map((shape) => shape[axis] ?? 1)), networks);
  return dimensions === 2 ? [along(0), along(1)] : [along(0), along(1), along(2)];
}

function leastCommonMultiple(a: number, b: number): number {
  let [divisor, rest] = [a, b];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return (a * b) / divisor;
}
