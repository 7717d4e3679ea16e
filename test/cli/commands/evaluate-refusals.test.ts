import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { assertEnded } from '../../support/command-line.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { evaluate, folders, grid, truth, write, type Evaluation } from '../../support/images/segmentation-folders.js';

describe('volbias evaluate, of what it cannot measure,', () => {
  it('refuses grids that differ, with the distance and a remedy, and of folders leaves that case out', async (test) => {
    const { predictions, truths } = await folders(test);
    const apart = gridOf(grid.shape, grid.spacingMm, [
      [1, 0, 0, 0.5],
      [0, 2, 0, 0],
      [0, 0, 3, 0],
    ]);
    const path = await write(join(predictions, 'b.nii'), { grid: apart, values: truth.values });
    const single = await evaluate(path, join(truths, 'b.nii.gz'));
    assertEnded(single, 1);
    const told =
      /up to 0\.5 mm apart, 0\.5 of a voxel edge, and at most 0\.1 is allowed; "volbias resample PREDICTION OUT --mask --like TRUTH"/;
    assert.match(single.errors, told);
    const several = await evaluate(predictions, truths, '--json');
    assertEnded(several, 4);
    const { cases, refused } = JSON.parse(several.output) as Evaluation;
    assert.deepEqual([cases.map((one) => one.case), refused.map((one) => one.case)], [['a'], ['b']]);
    assert.match(refused[0]?.reason ?? '', told);
  });

  const mistakes: [what: string, args: (place: Record<string, string>) => string[], told: RegExp][] = [
    ['a file and a folder', ({ predictions = '', file = '' }) => [predictions, file], /is a folder and .* is a file/],
    [
      'folders without a common name',
      ({ predictions = '', others = '' }) => [predictions, others],
      /no image in .* \(such as a\.nii\.gz\) has the name of one in/,
    ],
    [
      'two files of a name',
      ({ twice = '', predictions = '' }) => [twice, predictions],
      /a\.nii and a\.nii\.gz, which are the same case by name/,
    ],
    [
      'no tolerance',
      ({ file = '' }) => [file, file, '--tolerance', '0'],
      /--tolerance is "0", expected a length in mm above 0/,
    ],
    [
      'a page of another kind',
      ({ file = '' }) => [file, file, '--output', 'a.csv'],
      /--output is "a\.csv", expected a file that ends in \.html/,
    ],
  ];
  for (const [what, args, told] of mistakes) {
    it(`ends with exit code 2 for ${what}`, async (test) => {
      const { predictions, truths } = await folders(test);
      const [others, twice] = [join(dirname(truths), 'others'), join(dirname(truths), 'twice')];
      await write(join(others, 'z.nii'), truth);
      for (const name of ['a.nii', 'a.nii.gz']) await write(join(twice, name), truth);
      const [first = '', second = '', ...more] = args({ predictions, others, twice, file: join(truths, 'a.nii') });
      const result = await evaluate(first, second, ...more);
      assertEnded(result, 2);
      assert.match(result.errors, told);
    });
  }
});
