import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Config } from '../../configs/config-schema.js';
import { canonicalJson, digestOfJson, keyOfWork } from '../../domain/plan/key.js';
import type { UnitCoordinates } from '../../domain/plan/units.js';
import { lossName } from '../../domain/training/losses/loss-choice.js';
import { pipeline } from '../../steps/pipeline.js';
import type { PipelineStep } from '../../steps/step.js';
import { train } from '../../steps/train.js';
import { eloquent, recordingReads, settingsIn, withOther } from '../support/sweeps/config-settings.js';
import { changedUnits, contentOf, finalKeys, parsedTinyConfig } from '../support/sweeps/plan-of.js';
import { tinyLearningRates } from '../support/sweeps/tiny-config.js';

const config = parsedTinyConfig();
const keys = finalKeys(config);

/** The units whose keys a change alters, and their steps. */
function changedBy(changed: Config): { units: string[]; steps: string[] } {
  const units = changedUnits(keys, finalKeys(changed));
  return { units, steps: [...new Set(units.map((id) => id.split(' ')[0] ?? ''))] };
}

const reportAlone = ['report'];
const afterTraining = ['train', 'evaluate', 'join', 'compare', 'report'];

describe('a key', () => {
  it('is the SHA-256 of canonical JSON, whatever the order of the settings', () => {
    assert.equal(canonicalJson({ b: [1, 1e21], a: 'ü' }), '{"a":"ü","b":[1,1e+21]}');
    assert.equal(digestOfJson({ a: 1, b: 2 }), digestOfJson({ b: 2, a: 1 }));
    // printf '{"a":1}' | sha256sum
    assert.equal(digestOfJson({ a: 1 }), '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
  });

  it('depends on step, version, parameters, coordinates and inputs, but not on the name of the data set', () => {
    const work = {
      step: 'train',
      version: 1,
      parameters: 'p',
      coordinates: { dataSet: 'a', fold: 0 },
      inputs: { i: 'x' },
    } as const;
    const key = keyOfWork(work);
    const others = [
      { ...work, step: 'evaluate' as const },
      { ...work, version: 2 },
      { ...work, parameters: 'q' },
      { ...work, coordinates: { dataSet: 'a', fold: 1 } },
      { ...work, inputs: { i: 'y' } },
      { ...work, inputs: { j: 'x' } },
    ].map(keyOfWork);
    assert.equal(new Set([key, ...others]).size, 7);
    assert.equal(keyOfWork({ ...work, coordinates: { dataSet: 'b', fold: 0 } }), key);
  });

  it('is different for each unit of a sweep', () => {
    assert.equal(new Set(keys.values()).size, keys.size);
  });
});

/** Coordinates of one unit of the step for each data set and arm. */
function placesOf({ fanOut }: PipelineStep, { dataSets, arms }: Config): UnitCoordinates[] {
  if (fanOut === 'sweep') return [{}];
  return dataSets.flatMap(({ name: dataSet }) =>
    fanOut !== 'armFold'
      ? [{ dataSet }]
      : arms.models.flatMap((model) => arms.losses.map((loss) => ({ dataSet, model, loss: lossName(loss), fold: 0 }))),
  );
}

describe('a setting', () => {
  // The data set's name identifies a unit's data set; tests below state which keys contain it.
  const settings = settingsIn(eloquent).filter((path) => !(path[0] === 'dataSets' && path[2] === 'name'));
  const units = pipeline.flatMap((step) => placesOf(step, eloquent).map((place) => ({ step, place })));

  for (const path of settings) {
    const setting = path.join('.');
    it(`${setting} changes the keys of the steps that read it and of no others`, () => {
      const changed = withOther(eloquent, path);
      for (const { step, place } of units) {
        const reads = new Set<string>();
        const digestOf = (config: Config): string => {
          const recorded = recordingReads(config, (read) => reads.add(read));
          return digestOfJson(step.settingsAt(contentOf(recorded), place));
        };
        const differs = digestOf(eloquent) !== digestOf(changed);
        assert.equal(differs, reads.has(setting), `${step.name} at ${JSON.stringify(place)}`);
      }
    });
  }

  it('can be changed separately from all others', () => {
    assert.ok(settings.length > 60, `only ${String(settings.length)} settings are tried`);
    const afterwards = settings.map((path) => canonicalJson(withOther(eloquent, path)));
    assert.equal(new Set([canonicalJson(eloquent), ...afterwards]).size, settings.length + 1);
  });

  it('that stratifies the folds also selects inner validation cases, so it changes the trainings that use them', () => {
    const folds = [['image-0'], ['image-1']];
    const keysWith = (stratify: 'none' | 'volumeTercile', validation: 'inner' | 'heldOut'): Map<string, string> => {
      const { split, training, ...rest } = config;
      const changed = {
        ...rest,
        split: { ...split, file: 'folds.json', stratify },
        training: { ...training, validation },
      };
      return finalKeys(changed, undefined, folds);
    };
    const key = 'train flat/unet/ce/fold-0';
    const settingsWith = (stratify: 'none' | 'volumeTercile', validation: 'inner' | 'heldOut'): string =>
      canonicalJson(
        train.settingsAt(
          contentOf({
            ...config,
            split: { ...config.split, stratify },
            training: { ...config.training, validation },
          }),
          { dataSet: 'flat', model: 'unet', loss: 'ce' },
        ),
      );
    assert.notEqual(keysWith('none', 'inner').get(key), keysWith('volumeTercile', 'inner').get(key));
    assert.notEqual(settingsWith('none', 'inner'), settingsWith('volumeTercile', 'inner'));
    assert.equal(settingsWith('none', 'heldOut'), settingsWith('volumeTercile', 'heldOut'));
  });
});

describe('a changed setting', () => {
  it('of the U-Net changes only the keys of its trainings and of the units after them', () => {
    const learningRate = { ...tinyLearningRates, unet: 0.02 };
    const { units, steps } = changedBy(parsedTinyConfig({ training: { learningRate } }));
    assert.deepEqual(steps, afterTraining);
    const arms = units.filter((id) => id.startsWith('train ') || id.startsWith('evaluate '));
    assert.equal(arms.length, 2 * 2 * 2);
    assert.ok(arms.every((id) => id.includes('/unet/')));
  });

  it('of soft Dice changes only the trainings with soft Dice', () => {
    const { units } = changedBy(parsedTinyConfig({ training: { softDice: { epsilon: 1, reduction: 'image' } } }));
    const trainings = units.filter((id) => id.startsWith('train '));
    assert.equal(trainings.length, 4);
    assert.ok(trainings.every((id) => id.includes('/sd/')));
  });

  it('of a model that is not trained changes only the report, which prints the config', () => {
    const learningRate = { ...tinyLearningRates, convnet: 1 };
    assert.deepEqual(changedBy(parsedTinyConfig({ training: { learningRate } })).steps, reportAlone);
  });

  it('of the checkpoint interval changes only the report', () => {
    assert.deepEqual(changedBy(parsedTinyConfig({ training: { checkpointMinutes: 1 } })).steps, reportAlone);
  });

  it('of how collapsed trainings are treated changes all trainings, and its default is not in their keys', () => {
    const { steps } = changedBy(parsedTinyConfig({ training: { onConstantPrediction: 'diverge' } }));
    assert.deepEqual(steps, afterTraining);
    const parameters = train.settingsAt(contentOf(config), { dataSet: 'flat', model: 'unet', loss: 'sd' });
    assert.ok(!('onConstantPrediction' in parameters) && 'minDelta' in parameters);
  });

  it('of the kernels changes trainings and evaluations, and its defaults are not in their keys', () => {
    for (const numerics of [{ precision: 'bfloat16' }, { tf32: true }, { deterministic: false }] as const) {
      const { units, steps } = changedBy({ ...config, numerics: { ...config.numerics, ...numerics } });
      assert.deepEqual(steps, afterTraining);
      assert.equal(units.filter((id) => id.startsWith('train ')).length, 8);
    }
    const parameters = train.settingsAt(contentOf(config), { dataSet: 'flat', model: 'unet', loss: 'sd' });
    for (const name of ['precision', 'tf32', 'deterministic'])
      assert.ok(!(name in parameters) && 'threads' in parameters);
  });

  it('of the evaluation changes no training', () => {
    const changed = { ...config, evaluation: { ...config.evaluation, threshold: 0.4 } };
    assert.deepEqual(changedBy(changed).steps, ['evaluate', 'join', 'compare', 'report']);
  });

  it("of the evaluation's grid measures nothing again: both grids are measured anyway", () => {
    const changed = { ...config, evaluation: { ...config.evaluation, grid: 'working' as const } };
    assert.deepEqual(changedBy(changed).steps, ['join', 'compare', 'report']);
  });

  it('of thresholds of volume changes only the report', () => {
    assert.ok(!('thresholdsMl' in config.evaluation));
    const changed = { ...config, evaluation: { ...config.evaluation, thresholdsMl: [70] } };
    assert.deepEqual(changedBy(changed).steps, reportAlone);
  });

  it('of the statistics changes comparison and report alone', () => {
    const changedIn = (statistics: Partial<Config['statistics']>): readonly string[] =>
      changedBy({ ...config, statistics: { ...config.statistics, ...statistics } }).steps;
    assert.deepEqual(changedIn({ resamples: 900 }), ['compare', 'report']);
    assert.deepEqual(changedIn({ equivalenceMargin: 0.1 }), ['compare', 'report']);
    // What is made of the tests is up to the report.
    assert.deepEqual(changedIn({ decides: 'conditional' }), ['report']);
    assert.deepEqual(changedIn({ correction: 'holm' }), ['report']);
  });

  it('of the normalisation does not preprocess the cases again', () => {
    const [dataSet] = config.dataSets;
    assert.ok(dataSet);
    const preprocessing = { ...dataSet.preprocessing, normalisation: { scope: 'case' as const } };
    assert.deepEqual(changedBy({ ...config, dataSets: [{ ...dataSet, preprocessing }] }).steps, afterTraining);
  });

  it('of how files are read preprocesses the cases again, but keeps the scan', () => {
    const [dataSet] = config.dataSets;
    assert.ok(dataSet);
    for (const change of [
      { nonFinite: 'zero' as const },
      { overrideSpacingMm: [1, 1, 2] as [number, number, number] },
      { label: { ...dataSet.label, greaterThan: 0 } },
      { label: { ...dataSet.label, greaterThan: 0, allowed: [0, 1] } },
      { label: { resampling: 'linear' as const } },
    ]) {
      const { steps } = changedBy({ ...config, dataSets: [{ ...dataSet, ...change }] });
      assert.deepEqual(steps, ['preprocess', 'statistics', 'split', ...afterTraining], JSON.stringify(change));
    }
    const excluding = changedBy({ ...config, dataSets: [{ ...dataSet, onInvalidCase: 'exclude' }] });
    assert.equal(excluding.units.length, keys.size);
  });

  it('that draws another phantom changes everything', () => {
    assert.equal(changedBy({ ...config, seed: 2 }).units.length, keys.size);
  });

  it('that adds an arm keeps the keys of the other arms', () => {
    const more = changedBy(parsedTinyConfig({ models: ['lr', 'convnet', 'unet'] }));
    assert.ok(more.units.every((id) => !/\/(lr|unet)\//.test(id)));
  });
});

describe('the name of a data set', () => {
  const files = { path: 'somewhere' };

  it('is in the keys only of steps that draw random numbers or name it, so cases are not preprocessed again', () => {
    // Later keys depend on the scan's result, not on its key, and files with the same bytes give the same result.
    const before = finalKeys(parsedTinyConfig({ dataSet: files }), 'the same files');
    const renamed = finalKeys(parsedTinyConfig({ dataSet: { ...files, name: 'renamed' } }), 'the same files');
    const after = new Map([...renamed].map(([id, key]) => [id.replaceAll('renamed', 'flat'), key]));
    const changed = new Set(changedUnits(before, after).map((id) => id.split(' ')[0] ?? ''));
    assert.deepEqual([...changed], ['scan', 'split', ...afterTraining]);
  });

  it('distinguishes the scans of two data sets of the same kind', () => {
    const [one] = parsedTinyConfig({ dataSet: files }).dataSets;
    assert.ok(one);
    const two = finalKeys({ ...config, dataSets: [one, { ...one, name: 'other', path: 'elsewhere' }] });
    assert.notEqual(two.get('scan flat'), two.get('scan other'));
  });
});
