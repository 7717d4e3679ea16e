import type { Triple } from '../../image/grid.js';

/** The connected parts of a mask. */
export interface Components {
  /** 0 outside the mask, elsewhere the number of the voxel's part: 1, 2, … in the order of their first voxels. */
  readonly labels: Int32Array;
  /** Voxels of each part by its number; that of 0 is 0. */
  readonly sizes: readonly number[];
}

/** Voxels of one row without a gap. */
interface Run {
  /** Index of the first voxel in its row. */
  readonly start: number;
  /** The first index behind. */
  readonly end: number;
  readonly row: number;
  /** A run of the same part that does not come later; itself for the part's first run. */
  parent: Run;
  /** Of the part, for its first run. */
  number: number;
}

/**
 * Parts whose voxels share a face, an edge or a corner: 26-connected in 3D, 8-connected in an image of one slice. The mask is
 * 1 inside, 0 elsewhere.
 */
export function componentsOf(mask: Uint8Array, shape: Triple): Components {
  const [sizeX, sizeY] = shape;
  const rows = runsOf(mask, shape);
  for (const [row, runs] of rows.entries()) {
    const y = row % sizeY;
    if (y > 0) joinTouching(runs, rows[row - 1]);
    joinTouching(runs, rows[row - sizeY]);
    if (y > 0) joinTouching(runs, rows[row - sizeY - 1]);
    if (y + 1 < sizeY) joinTouching(runs, rows[row - sizeY + 1]);
  }
  const labels = new Int32Array(mask.length);
  const sizes = [0];
  for (const run of rows.flat()) {
    const first = firstOf(run);
    if (first.number === 0) first.number = sizes.push(0) - 1;
    labels.fill(first.number, run.row * sizeX + run.start, run.row * sizeX + run.end);
    sizes[first.number] = (sizes[first.number] ?? 0) + run.end - run.start;
  }
  return { labels, sizes };
}

function runsOf(mask: Uint8Array, [sizeX]: Triple): Run[][] {
  const rows: Run[][] = [];
  for (let row = 0; row * sizeX < mask.length; row++) {
    const line = mask.subarray(row * sizeX, (row + 1) * sizeX);
    const runs: Run[] = [];
    for (let start = line.indexOf(1); start >= 0;) {
      const gap = line.indexOf(0, start);
      const run: Omit<Run, 'parent'> = { start, end: gap < 0 ? sizeX : gap, row, number: 0 };
      runs.push(Object.assign(run, { parent: run as Run }));
      start = gap < 0 ? -1 : line.indexOf(1, gap);
    }
    rows.push(runs);
  }
  return rows;
}

/** Joins the runs of two neighbouring rows that touch, be it by a corner; both lists ascend. */
function joinTouching(runs: readonly Run[], others: readonly Run[] = []): void {
  for (let i = 0, j = 0; i < runs.length && j < others.length;) {
    const [run, other] = [runs[i] as Run, others[j] as Run]; // in range
    if (run.start <= other.end && other.start <= run.end) {
      const [one, two] = [firstOf(run), firstOf(other)];
      const isEarlier = one.row < two.row || (one.row === two.row && one.start < two.start);
      if (isEarlier) two.parent = one;
      else one.parent = two;
    }
    if (run.end < other.end) i++;
    else j++;
  }
}

function firstOf(run: Run): Run {
  let first = run;
  while (first.parent !== first) first = first.parent = first.parent.parent; // halves the way for the next time
  return first;
}
