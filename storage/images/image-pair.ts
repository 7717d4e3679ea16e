/** The file that contains the header of the image at `path`: for the .img of a pair, the .hdr beside it. */
export function headerPathOf(path: string): string {
  return withEnding(path, 'img', 'hdr');
}

/** The file that contains the voxels of the image at `path`: for the .hdr of a pair, the .img beside it. */
export function voxelPathOf(path: string): string {
  return withEnding(path, 'hdr', 'img');
}

/** Other systems write .HDR and .IMG. */
function withEnding(path: string, ending: string, other: string): string {
  return path.replace(new RegExp(`\\.${ending}(?=(\\.gz)?$)`, 'i'), (found) =>
    found === found.toUpperCase() ? `.${other.toUpperCase()}` : `.${other}`,
  );
}
