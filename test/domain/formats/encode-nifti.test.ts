import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { niftiGrid, parseNiftiHeader } from '../../../domain/formats/nifti-header.js';
import { spacingOf } from '../../../domain/image/affine.js';
import { perAxis, type Affine, type Grid } from '../../../domain/image/grid.js';
import { gridOf, imageOf, labelOf, largestDifference } from '../../support/images/image-fixtures.js';

/** Rotations by three angles (any order reaches all of them), with or without a reflection. */
const grids = fc
  .record({
    angles: fc.tuple(angle(), angle(), angle()),
    spacing: fc.tuple(size(), size(), size()),
    origin: fc.tuple(place(), place(), place()),
    reflect: fc.boolean(),
  })
  .map(({ angles: [a, b, c], spacing, origin, reflect }): Grid => {
    const about = (axis: number, by: number) => (v: readonly number[]) => {
      const [i, j] = [(axis + 1) % 3, (axis + 2) % 3];
      const turned = [...v];
      turned[i] = Math.cos(by) * (v[i] ?? 0) - Math.sin(by) * (v[j] ?? 0);
      turned[j] = Math.sin(by) * (v[i] ?? 0) + Math.cos(by) * (v[j] ?? 0);
      return turned;
    };
    const columns = [0, 1, 2].map((column) => {
      const unit = [0, 1, 2].map((row) => (row === column ? (reflect && column === 0 ? -1 : 1) : 0));
      return about(2, c)(about(1, b)(about(0, a)(unit)));
    });
    const affine = perAxis((row) => {
      const step = perAxis((column) => (columns[column]?.[row] ?? 0) * spacing[column]);
      return [...step, origin[row]] as const;
    });
    return { shape: [2, 3, 4], spacingMm: spacingOf(affine), affine };
  });

function angle() {
  return fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
}

function size() {
  return fc.double({ min: 0.2, max: 8, noNaN: true });
}

function place() {
  return fc.double({ min: -300, max: 300, noNaN: true });
}

function scale(affine: Affine): number {
  return Math.max(...affine.flat().map(Math.abs));
}

/**
 * By how much an entry of the rotation may change when it passes through a qform.
 *
 * The header holds b, c, d in single precision (each wrong by at most u = 2⁻²⁴, being at most 1) and a is what is left:
 * a² = 1 − b² − c² − d², wrong by at most e = 2u (|b| + |c| + |d|) ≤ 2√3 u, to which nibabel's rule (and ours) adds
 * that an a² below 3 times single precision's step, 2⁻²³, is 0. Near half a turn a is small, and √(a² ± e) is wrong by
 * up to min(e / a, √(e)): that is the format's own limit. Entries are sums of at most two products 2·a·b, so they
 * change by at most 4 times the error of a.
 */
function quaternionError(affine: Affine): number {
  const spacing = spacingOf(affine);
  const columns = perAxis((column) => perAxis((row) => affine[row][column] / spacing[column]));
  const [x, y, z] = columns;
  const determinant =
    x[0] * (y[1] * z[2] - y[2] * z[1]) - x[1] * (y[0] * z[2] - y[2] * z[0]) + x[2] * (y[0] * z[1] - y[1] * z[0]);
  const trace = x[0] + y[1] + z[2] * Math.sign(determinant);
  const a = Math.sqrt(Math.max(0, (1 + trace) / 4));
  const e = 2 * Math.sqrt(3) * 2 ** -24 + 3 * 2 ** -23;
  return 4 * Math.min(a === 0 ? Infinity : e / a, Math.sqrt(e));
}

describe('encodeNifti', () => {
  it('writes equivalent sform and qform for perpendicular grids, left- and right-handed', () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const bytes = encodeNifti(imageOf(grid, (x) => x));
        const bySform = niftiGrid(parseNiftiHeader(bytes, 'sform'));
        new DataView(bytes.buffer).setInt16(254, 0, true);
        const header = parseNiftiHeader(bytes, 'qform');
        assert.equal(header.qformCode, 1);
        const tolerance = 1e-6 * scale(grid.affine);
        assert.ok(largestDifference(bySform.affine.flat(), grid.affine.flat()) <= tolerance);
        const turned = quaternionError(grid.affine) * Math.max(...grid.spacingMm);
        assert.ok(largestDifference(header.affine.flat(), grid.affine.flat()) <= 4 * tolerance + turned);
      }),
    );
  });

  it('omits the qform of a sheared grid', () => {
    const sheared: Affine = [
      [1, 0.5, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ];
    const header = parseNiftiHeader(encodeNifti(imageOf(gridOf([2, 2, 2], spacingOf(sheared), sheared), () => 1)), 'a');
    assert.deepEqual([header.sformCode, header.qformCode], [1, 0]);
    assert.deepEqual(header.affine, sheared);
  });

  it('stores masks as uint8 and probabilities as float32', () => {
    const grid = gridOf([2, 2, 2]);
    assert.equal(parseNiftiHeader(encodeNifti(labelOf(grid, (x) => x === 1)), 'a').dataType, 'uint8');
    assert.equal(parseNiftiHeader(encodeNifti(imageOf(grid, () => 0.5)), 'a').dataType, 'float32');
  });

  it('refuses a number of values that does not match the grid', () => {
    assert.throws(() => encodeNifti({ grid: gridOf([2, 2, 2]), values: new Float32Array(9) }), {
      code: 'IMAGE_SHAPE_MISMATCH',
    });
  });
});

describe('parseNiftiHeader', () => {
  it('converts micrometres and metres to millimetres in the grid but not in the affine', () => {
    const bytes = encodeNifti(imageOf(gridOf([2, 2, 2], [50, 50, 50]), () => 0));
    bytes[123] = 3;
    const header = parseNiftiHeader(bytes, 'micro-CT');
    assert.equal(header.affine[0][0], 50);
    assert.ok(Math.abs(niftiGrid(header).spacingMm[0] - 0.05) < 1e-12);
  });
});
