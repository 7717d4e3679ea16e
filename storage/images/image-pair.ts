/** The file that contains the header of the image at `path`: for the .img of a pair, the .hdr beside it. */
export function headerPathOf(path: string): string {
  return path.replace(/\.img(\.gz)?$/i, '.hdr$1');
}

/** The file that contains the voxels of the image at `path`: for the .hdr of a pair, the .img beside it. */
export function voxelPathOf(path: string): string {
  return path.replace(/\.hdr(\.gz)?$/i, '.img$1');
}
