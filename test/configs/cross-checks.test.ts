import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { configSchema } from '../../configs/config-schema.js';
import { tinyConfig } from '../support/sweeps/tiny-config.js';

function problemsOf(dataSet: Readonly<Record<string, unknown>>): string[] {
  const result = configSchema.safeParse({ ...tinyConfig({}), dataSets: [{ name: 'own', path: 'x', ...dataSet }] });
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const solid = { crop: [27, 27, 27] };
const flat = { crop: [27, 27] };
const roi = { sizePixels: 64, downsample: 2 };

it('thresholds in ml need a data set in ml, and each is named once', () => {
  const withThresholds = (thresholdsMl: number[], ...crops: number[][]): string[] => {
    const dataSets = crops.map((crop, index) => ({
      ...{ name: `own-${index}`, path: 'x', kind: 'nnunet', modalities: ['T1'], preprocessing: { crop } },
    }));
    const result = configSchema.safeParse({ ...tinyConfig({}), dataSets, evaluation: { thresholdsMl } });
    return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  assert.deepEqual(withThresholds([70], solid.crop, flat.crop), []);
  const pixels = withThresholds([70], flat.crop);
  assert.match(pixels[0] ?? '', /^evaluation\.thresholdsMl: no data set has volumes in ml/);
  assert.match(withThresholds([70, 70], solid.crop)[0] ?? '', /^evaluation\.thresholdsMl\.1: "70" is listed twice/);
  assert.notDeepEqual(withThresholds([0], solid.crop), []);
});

describe('a data set of the config', () => {
  it('has one crop size per dimension of its layout; a manifest and nnU-Net may have 2 or 3', () => {
    assert.deepEqual(problemsOf({ kind: 'bids', modalities: ['T1w'], preprocessing: solid }), []);
    assert.deepEqual(problemsOf({ kind: 'manifest', modalities: ['T1w'], preprocessing: solid }), []);
    assert.deepEqual(problemsOf({ kind: 'manifest', modalities: ['T1w'], preprocessing: { ...flat, roi } }), []);
    assert.deepEqual(problemsOf({ kind: 'nnunet', modalities: ['T1w'], preprocessing: solid }), []);
    assert.deepEqual(problemsOf({ kind: 'nnunet', modalities: ['grey'], preprocessing: { ...flat, roi } }), []);
    assert.deepEqual(problemsOf({ kind: 'tufts', modalities: ['grey'], preprocessing: { ...flat, roi } }), []);
    const crop = 'dataSets.0.preprocessing.crop: expected';
    assert.match(problemsOf({ kind: 'bids', modalities: ['T1w'], preprocessing: flat })[0] ?? '', new RegExp(crop));
    assert.match(problemsOf({ kind: 'tufts', modalities: ['grey'], preprocessing: solid })[0] ?? '', new RegExp(crop));
  });

  it('cannot override the spacing of pictures, nor cut a region of interest from 3D images', () => {
    const overridden = { overrideSpacingMm: [1, 1, 1], modalities: ['grey'], preprocessing: flat };
    assert.match(problemsOf({ kind: 'tufts', ...overridden })[0] ?? '', /overrideSpacingMm: pictures have no spacing/);
    const problems = problemsOf({ kind: 'manifest', modalities: ['T1'], preprocessing: { ...solid, roi } });
    assert.match(problems[0] ?? '', /roi: a region of interest applies only to 2D images/);
  });

  it('names a structure by title only in the Tufts layout', () => {
    const label = { title: '17' };
    assert.deepEqual(problemsOf({ kind: 'tufts', modalities: ['grey'], preprocessing: flat, label }), []);
    const other = problemsOf({ kind: 'folder2d', modalities: ['grey'], preprocessing: flat, label });
    assert.match(other[0] ?? '', /label\.title: only the tufts layout/);
  });
});

describe('what is the structure', () => {
  const own = { kind: 'nnunet', modalities: ['T1'], preprocessing: solid };
  const both = { greaterThan: 0, equals: 2 };

  it('follows from one rule', () => {
    for (const label of [{}, { greaterThan: 0 }, { equals: 2 }, { anyOf: [1, 3] }]) {
      assert.deepEqual(problemsOf({ ...own, label }), []);
    }
    assert.deepEqual(problemsOf({ ...own, label: both }), [
      'dataSets.0.label.equals: expected one rule, but there are greaterThan, equals',
    ]);
    assert.match(problemsOf({ ...own, label: { anyOf: [] } })[0] ?? '', /^dataSets\.0\.label\.anyOf: /);
  });

  it('may be several structures, each with one rule, and then there is none in label', () => {
    const structures = { tumour: { anyOf: [1, 4] }, oedema: { equals: 2 } };
    assert.deepEqual(problemsOf({ ...own, structures, label: { allowed: [0, 1, 2, 4], resampling: 'soft' } }), []);
    assert.deepEqual(problemsOf({ ...own, structures, label: { equals: 1 } }), [
      'dataSets.0.label.equals: the rules are in structures; remove this one',
    ]);
    assert.deepEqual(problemsOf({ ...own, structures: { a: {}, b: both } }), [
      'dataSets.0.structures.a: expected one of greaterThan, equals, anyOf, but there is none',
      'dataSets.0.structures.b: expected one of greaterThan, equals, anyOf, but there are greaterThan, equals',
    ]);
    assert.deepEqual(problemsOf({ ...own, structures: {} }), [
      'dataSets.0.structures: expected at least one structure',
    ]);
  });

  it('names data sets that no other has, of at most 63 characters', () => {
    const structures = { tumour: { equals: 1 }, ['o'.repeat(60)]: { equals: 2 } };
    const other = { ...own, name: 'own-tumour', path: 'y' };
    const dataSets = [{ ...own, name: 'own', path: 'x', structures }, other];
    const result = configSchema.safeParse({ ...tinyConfig({}), dataSets });
    assert.deepEqual(
      result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
      [
        `dataSets.0.structures.${'o'.repeat(60)}: the name own-${'o'.repeat(60)} has 64 characters; at most 63 are allowed`,
        'dataSets.1: "own-tumour" is listed twice',
      ],
    );
  });
});

describe('a loss of the config', () => {
  const refused = (resampling: string, losses: readonly string[], batchSize: number): string[] => {
    const config = tinyConfig({ training: { batchSize } });
    const dataSets = (config.dataSets as object[]).map((one) => ({ ...one, label: { resampling } }));
    const result = configSchema.safeParse({ ...config, dataSets, arms: { models: ['lr'], losses } });
    return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  it('that needs labels of 0 and 1 is refused where a data set has soft ones', () => {
    assert.deepEqual(refused('linear', ['ce', 'lovaszHinge'], 1), []);
    assert.deepEqual(refused('soft', ['ce', 'diceSemimetric', 'squaredSd'], 1), []);
    assert.deepEqual(refused('soft', ['ce', 'lovaszHinge'], 1), [
      'arms.losses.1: lovaszHinge needs labels of 0 and 1, but label.resampling of data set flat is soft',
    ]);
  });

  it('that is computed over a batch needs batches', () => {
    assert.deepEqual(refused('linear', ['batchSd'], 2), []);
    assert.match(refused('linear', ['batchSd'], 1)[0] ?? '', /^arms\.losses\.0: batchSd needs/);
  });
});
