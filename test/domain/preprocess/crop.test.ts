import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { voxelCount, type Triple } from '../../../domain/image/grid.js';
import { centralCrop, pasteIntoGrid } from '../../../domain/preprocess/crop.js';
import { gridOf, imageOf } from '../../support/images/image-fixtures.js';

const shapes = fc.tuple(length(), length(), length());

function length() {
  return fc.integer({ min: 1, max: 7 });
}

/** Every voxel has a value of its own, none is 0. */
function numbered(shape: Triple) {
  return { shape, values: imageOf(gridOf(shape), (x, y, z) => 1 + x + shape[0] * (y + shape[1] * z)).values };
}

describe('centralCrop', () => {
  it('takes the middle', () => {
    const crop = centralCrop(numbered([5, 4, 1]), [3, 2, 1]);
    assert.deepEqual([...crop], [7, 8, 9, 12, 13, 14]);
  });

  it('pads with 0 on both sides', () => {
    assert.deepEqual([...centralCrop(numbered([2, 1, 1]), [4, 1, 1])], [0, 1, 2, 0]);
    // Two voxels in five: floor((2 − 5) / 2) = −2, so two zeros come first.
    assert.deepEqual([...centralCrop(numbered([2, 1, 1]), [5, 1, 1])], [0, 0, 1, 2, 0]);
  });

  it('of a label stays a label', () => {
    const crop = centralCrop({ values: Uint8Array.of(1, 1, 1), shape: [3, 1, 1] }, [1, 1, 1]);
    assert.ok(crop instanceof Uint8Array);
  });
});

describe('pasteIntoGrid', () => {
  it('is the inverse of centralCrop: each voxel at its own place, as many as both shapes hold, and 0 elsewhere', () => {
    fc.assert(
      fc.property(shapes, shapes, (shape, cropShape) => {
        const image = numbered(shape);
        const crop = centralCrop(image, cropShape);
        const pasted = pasteIntoGrid({ values: crop, shape: cropShape }, { cropShape, gridShape: shape });
        pasted.forEach((value, i) => {
          assert.ok(value === 0 || value === image.values[i]);
        });
        const held = shape.reduce((product, size, axis) => product * Math.min(size, cropShape[axis] as number), 1);
        assert.equal(pasted.filter((value) => value !== 0).length, held);
        assert.equal(crop.filter((value) => value !== 0).length, held);
      }),
    );
  });

  it('puts a smaller prediction in the middle of its crop, as networks with valid up-sampling make it', () => {
    fc.assert(
      fc.property(shapes, shapes, shapes, (shape, cropShape, less) => {
        const inner: Triple = [
          Math.max(1, cropShape[0] - 2 * (less[0] - 1)),
          Math.max(1, cropShape[1] - 2 * (less[1] - 1)),
          Math.max(1, cropShape[2] - 2 * (less[2] - 1)),
        ];
        const image = numbered(shape);
        const prediction = centralCrop({ values: centralCrop(image, cropShape), shape: cropShape }, inner);
        const pasted = pasteIntoGrid({ values: prediction, shape: inner }, { cropShape, gridShape: shape });
        // Whatever is there stands at its own place, and as much is there as the prediction has of the image.
        pasted.forEach((value, i) => {
          assert.ok(value === 0 || value === image.values[i]);
        });
        assert.equal(pasted.filter((value) => value !== 0).length, prediction.filter((value) => value !== 0).length);
      }),
    );
  });

  it('a prediction larger than its crop is refused', () => {
    assert.throws(() => pasteIntoGrid(numbered([3, 3, 1]), { cropShape: [3, 2, 1], gridShape: [9, 9, 1] }), {
      code: 'ARGUMENT_INVALID',
    });
  });

  it('162×162×108 networks that return 136×136×82 are put 13 voxels inside their crop', () => {
    const prediction = { values: new Float32Array(136 * 136 * 82).fill(1), shape: [136, 136, 82] as const };
    const gridShape = [120, 120, 78] as const;
    const pasted = pasteIntoGrid(prediction, { cropShape: [162, 162, 108], gridShape });
    assert.equal(pasted.length, voxelCount(gridShape));
    assert.ok(pasted.every((value) => value === 1)); // BRATS at 2 mm lies wholly inside
  });
});
