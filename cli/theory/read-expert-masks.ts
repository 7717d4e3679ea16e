import { DomainError } from '../../domain/domain-error.js';
import { pixelSize, voxelSizeInMillilitres, type VoxelSize } from '../../domain/evaluate/voxel-size.js';
import { samePlaces } from '../../domain/image/affine.js';
import { formatShape, sameShape, type Grid } from '../../domain/image/grid.js';
import { isFolder } from '../../storage/files/has-file.js';
import { readImage } from '../../storage/images/image-files.js';

/** Several experts' masks of one image: 1 where the file's value is above 0. */
export interface ExpertMasks {
  readonly masks: readonly Uint8Array[];
  readonly voxelSize: VoxelSize;
}

/**
 * Reads two or more mask files on one grid. Throws ARGUMENT_INVALID naming a file that contains several images or is no
 * mask, or whose grid differs from that of the first file, and whatever `readImage` throws.
 */
export async function readExpertMasks(paths: readonly string[]): Promise<ExpertMasks> {
  if (paths.length < 2) {
    const found = `expected two or more files but found ${paths.length}`;
    const [path = ''] = paths;
    const folder = (await isFolder(path)) ? `, and ${path} is a folder; name its files, such as ${path}/*.nii.gz` : '';
    throw new DomainError('ARGUMENT_INVALID', `--masks: ${found}${folder}`);
  }
  const masks: Uint8Array[] = [];
  let first: Grid | undefined;
  for (const path of paths) {
    const [image, ...others] = await readImage(path, { isMask: true });
    if (image === undefined || others.length > 0) {
      throw new DomainError(
        'ARGUMENT_INVALID',
        `--masks: ${path} contains ${others.length + 1} images, expected one mask`,
      );
    }
    first ??= image.grid;
    assertSameGrid({ path, grid: image.grid }, { path: paths[0] ?? '', grid: first });
    assertMask(path, image.values);
    masks.push(Uint8Array.from(image.values, (value) => (value > 0 ? 1 : 0)));
  }
  if (masks.every((mask) => !mask.includes(1))) {
    const message = '--masks: all masks are empty, so there is no volume to be right or wrong about';
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  const isPicture = /\.(png|jpe?g)$/i.test(paths[0] ?? '');
  return { masks, voxelSize: isPicture ? pixelSize : voxelSizeInMillilitres(first as Grid) };
}

/** ARGUMENT_INVALID unless the values are 0 and one other. */
function assertMask(path: string, values: ArrayLike<number>): void {
  const others = new Set<number>();
  for (let i = 0; i < values.length && others.size <= mostNamed; i++) {
    const value = values[i] as number; // in range
    if (value !== 0) others.add(value);
  }
  const [first = 1] = others;
  if (others.size <= 1 && first > 0) return;
  const named = [0, ...[...others].sort((a, b) => a - b)].slice(0, mostNamed);
  throw new DomainError(
    'ARGUMENT_INVALID',
    `--masks: ${path} has the values ${named.join(', ')}${others.size >= mostNamed ? ', …' : ''}; ` +
      'expected a mask: 0 and one other, positive value',
  );
}

const mostNamed = 5;

interface Placed {
  readonly path: string;
  readonly grid: Grid;
}

function assertSameGrid(mask: Placed, first: Placed): void {
  const isShapeSame = sameShape(mask.grid.shape, first.grid.shape);
  if (isShapeSame && samePlaces(mask.grid, first.grid)) return;
  const difference = isShapeSame
    ? 'has another position in space'
    : `has ${formatShape(mask.grid.shape)} voxels instead of ${formatShape(first.grid.shape)}`;
  throw new DomainError(
    'ARGUMENT_INVALID',
    `--masks: ${mask.path} is not on the grid of ${first.path}: it ${difference}`,
  );
}
