import type { Triple } from '../../image/grid.js';

/** The connected parts of a mask, by its runs: voxels of one row without a gap. */
export interface Components {
  /** The index of the first run of each row, and behind all rows the number of runs. */
  readonly rows: Int32Array;
  /** Index of each run's first voxel in its row, ascending within a row, and the first index behind the run. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The number of each run's part: 1, 2, … in the order of their first voxels. */
  readonly parts: Int32Array;
  /** Voxels of each part by its number; that of 0 is 0. */
  readonly sizes: readonly number[];
}

type Runs = Pick<Components, 'rows' | 'starts' | 'ends'>;

/**
 * Parts whose voxels share a face, an edge or a corner: 26-connected in 3D, 8-connected in an image of one slice. The mask is
 * 1 inside, 0 elsewhere.
 */
export function componentsOf(mask: Uint8Array, shape: Triple): Components {
  const sizeY = shape[1];
  const runs = runsOf(mask, shape);
  const { rows, starts, ends } = runs;
  // Of each run, a run of the same part that does not come later; itself for the part's first run.
  const parents = Int32Array.from(starts, (_, run) => run);
  for (let row = 0; row + 1 < rows.length; row++) {
    const y = row % sizeY;
    if (y > 0) joinTouching(runs, parents, row, row - 1);
    if (row < sizeY) continue;
    joinTouching(runs, parents, row, row - sizeY);
    if (y > 0) joinTouching(runs, parents, row, row - sizeY - 1);
    if (y + 1 < sizeY) joinTouching(runs, parents, row, row - sizeY + 1);
  }
  const parts = new Int32Array(starts.length);
  const sizes = [0];
  for (let run = 0; run < parts.length; run++) {
    const first = firstOf(parents, run); // numbered already, unless it is the run itself
    const part = first === run ? sizes.push(0) - 1 : (parts[first] as number); // in range, as are the others
    parts[run] = part;
    sizes[part] = (sizes[part] as number) + (ends[run] as number) - (starts[run] as number);
  }
  return { ...runs, parts, sizes };
}

function runsOf(mask: Uint8Array, [sizeX]: Triple): Runs {
  const rows = new Int32Array(mask.length / sizeX + 1);
  const most = (rows.length - 1) * Math.ceil(sizeX / 2);
  const [starts, ends] = [new Int32Array(most), new Int32Array(most)];
  let run = 0;
  for (let row = 0, first = 0; first < mask.length; row++, first += sizeX) {
    rows[row] = run;
    let before = 0;
    for (let x = 0; x < sizeX; x++) {
      const voxel = mask[first + x] as number; // in range
      if (voxel === before) continue;
      if (voxel === 1) starts[run] = x;
      else ends[run++] = x;
      before = voxel;
    }
    if (before === 1) ends[run++] = sizeX;
  }
  rows[rows.length - 1] = run;
  return { rows, starts: starts.slice(0, run), ends: ends.slice(0, run) };
}

/** Joins the runs of two neighbouring rows that touch, be it by a corner; the other row comes before. */
function joinTouching({ rows, starts, ends }: Runs, parents: Int32Array, row: number, other: number): void {
  const [end, otherEnd] = [rows[row + 1] as number, rows[other + 1] as number]; // in range, as are the others
  for (let i = rows[row] as number, j = rows[other] as number; i < end && j < otherEnd;) {
    if ((starts[i] as number) <= (ends[j] as number) && (starts[j] as number) <= (ends[i] as number)) {
      const [one, two] = [firstOf(parents, i), firstOf(parents, j)];
      if (one < two) parents[two] = one;
      else parents[one] = two;
    }
    if ((ends[i] as number) < (ends[j] as number)) i++;
    else j++;
  }
}

function firstOf(parents: Int32Array, run: number): number {
  let first = run;
  for (let parent = parents[first] as number; parent !== first; parent = parents[first] as number) {
    first = parents[first] = parents[parent] as number; // halves the way for the next time
  }
  return first;
}
