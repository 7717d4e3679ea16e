import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { type Prediction } from '../../../learning/network/predict.js';
import { predict } from '../support/predict.js';
import { fixturesFolder } from '../../support/paths.js';
import { pythonWith } from '../../support/python.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { smallExports, writeSmallExports, type SmallExport } from '../support/small-exports.js';

interface Reference {
  readonly sha256: string;
  readonly shape: readonly number[];
  readonly norm: number;
  readonly step: number;
  readonly probabilities: readonly number[];
}

interface References {
  readonly networks: Readonly<Record<string, Reference>>;
}

const script = join(fixturesFolder, 'learning', 'exported_networks.py');
const fixture = join(fixturesFolder, 'learning', 'exported-networks.json');
// Made by the script, of files that it loaded with Python's safetensors into PyTorch.
const references = JSON.parse(readFileSync(fixture, 'utf8')) as References;

function referenceOf({ name }: SmallExport): Reference {
  const found = references.networks[name];
  assert.ok(found !== undefined, `${fixture} is without ${name}`);
  return found;
}

const predictionOf = ({ network, weights, input }: SmallExport): Prediction => predict({ network, weights }, input);

for (const one of smallExports) {
  test(`${one.name} is exported to the very bytes from which PyTorch predicted the same`, () => {
    const { sha256, shape, norm, step, probabilities } = referenceOf(one);
    assert.equal(createHash('sha256').update(one.file).digest('hex'), sha256);
    const prediction = predictionOf(one);
    const sizes = [...prediction.shape].reverse();
    assert.deepEqual(one.network.dimensions === 2 ? sizes.slice(1) : sizes, shape);
    probabilities.forEach((expected, i) => {
      const actual = prediction.values[i * step] as number;
      assert.ok(Math.abs(actual - expected) <= 1e-5, `voxel ${String(i * step)}: ${String(actual)}`);
    });
    assert.ok(Math.abs(Math.hypot(...prediction.values) / norm - 1) <= 1e-5);
  });
}

test("Python's safetensors loads exported networks, and the documented code predicts the same with PyTorch", async (t) => {
  const python = pythonWith('numpy', 'safetensors', 'torch');
  if (python === undefined) {
    t.skip('no Python with torch, numpy and safetensors (VOLBIAS_TEST_PYTHON names one)');
    return;
  }
  const folder = await temporaryFolder(t);
  writeSmallExports(folder);
  const printed = execFileSync(python, [script, folder, folder], { encoding: 'utf8' });
  const { networks } = JSON.parse(printed) as References;
  for (const one of smallExports) {
    assert.equal(networks[one.name]?.sha256, referenceOf(one).sha256);
    const bytes = readFileSync(join(folder, `${one.name}.prediction`));
    const expected = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const { values } = predictionOf(one);
    assert.equal(values.length, expected.length);
    values.forEach((value, i) => {
      assert.ok(Math.abs(value - (expected[i] as number)) <= 1e-5, `${one.name}, voxel ${String(i)}`);
    });
  }
});
