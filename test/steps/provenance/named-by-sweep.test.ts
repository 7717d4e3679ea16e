import assert from 'node:assert/strict';
import test from 'node:test';

import { namedBySweep } from '../../../steps/provenance/export/named-by-sweep.js';
import type { DatedWork } from '../../../steps/provenance/recorded.js';

const work = (
  unit: string,
  digest: string,
  inputs: readonly (readonly [unit: string, digest: string])[],
): DatedWork => ({
  ...{
    unit,
    digest,
    step: unit.split(' ')[0] ?? '',
    key: `key of ${unit}`,
    version: 1,
    parameters: {},
    environment: {},
  },
  inputs: inputs.map(([name, of]) => ({ unit: name, digest: of })),
  ...{ at: null, software: null },
});

test('work that another sweep has done has the name of the data set that the report gives it', () => {
  const root = work('report', 'r', [
    ['scan own', 's'],
    ['statistics own', 't'],
  ]);
  const made = [
    root,
    work('train own/lr/ce/fold-0', 'u', [['statistics other', 't']]),
    work('statistics other', 't', [['scan other', 's']]),
    work('scan own', 's', []),
    // Equal bytes of another step are no result of the scan.
    work('split other', 's', [['statistics other', 't']]),
  ];
  assert.deepEqual(
    namedBySweep(made, root).map(({ unit, inputs }) => [unit, ...inputs.map((input) => input.unit)]),
    [
      ['report', 'scan own', 'statistics own'],
      ['train own/lr/ce/fold-0', 'statistics own'],
      ['statistics own', 'scan own'],
      ['scan own'],
      ['split other', 'statistics own'],
    ],
  );
});
