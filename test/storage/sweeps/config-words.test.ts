import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { syntaxWords } from '../../../storage/sweeps/issue-words.js';
import { configOf, good, problemAfter, problemsOf } from '../../support/sweeps/config-text.js';

const training = (text: string) => configOf(`${good}training: { ${text} }\n`).training;

describe('a config that gives only some keys of a part', () => {
  it('has the defaults of the others', () => {
    // By hand from configs/training-schema.ts.
    assert.deepEqual(training('learningRate: { lr: 0.3 }').learningRate, { lr: 0.3, convnet: 1e-3, unet: 1e-3 });
    assert.deepEqual(training('adam: { beta1: 0.8 }').adam, { beta1: 0.8, beta2: 0.999, epsilon: 1e-7 });
    assert.deepEqual(training('plateau: { divideBy: 2 }').plateau, { patienceEpochs: 75, divideBy: 2 });
    assert.deepEqual(training('softDice: { epsilon: 1 }').softDice, { epsilon: 1, reduction: 'image' });
    assert.deepEqual(training('minDelta: {}, stop: {}').stop, { patienceEpochs: 150 });
    const { augmentation } = training('augmentation: { gamma: { probability: 1 } }');
    assert.ok(augmentation !== 'none');
    assert.deepEqual(augmentation.gamma, { range: [0.7, 1.5], probability: 1, percentiles: [0.5, 99.5] });
    const [dataSet] = configOf(good.replace('{ crop:', '{ normalisation: {}, crop:')).dataSets;
    assert.deepEqual(dataSet?.preprocessing.normalisation, { scope: 'training' });
  });

  it('is the same as one that gives none where it says what holds anyway', () => {
    const { training: none } = configOf(good);
    const parts = 'learningRate: {}, adam: {}, plateau: {}, stop: {}, minDelta: {}, softDice: {}';
    assert.deepEqual(training(parts), none);
  });
});

describe('what a config is told of a value', () => {
  const words: readonly (readonly [what: string, from: string, to: string, path: string, message: string | RegExp])[] =
    [
      [
        'the name of a structure',
        'modalities: [grey]',
        'modalities: [grey]\n    structures: { Oedema2: { equals: 1 } }',
        'dataSets[0].structures.Oedema2',
        'this name is not allowed: expected at most 63 lower-case letters, digits and hyphens, starting with a letter or digit',
      ],
      [
        'a crop of one size',
        'crop: [27, 27]',
        'crop: [96]',
        'dataSets[0].preprocessing.crop',
        'expected a list of 2 or 3 whole numbers above 0, such as [108, 108] or auto, but it is [96]',
      ],
      ['a model', '[lr, unet]', '[lr, u-net]', 'arms.models[1]', /; did you mean unet\?$/],
      ['a layout', 'folder2d', 'folder2D', 'dataSets[0].kind', /; did you mean folder2d\?$/],
      [
        'a loss of parts',
        '[ce, sd]',
        '[ce, ceSD]',
        'arms.losses[1]',
        /; did you mean \{ kind: ceSd, weight: 0\.5 \}\?$/,
      ],
      ['a loss', '[ce, sd]', '[ce, Lovasz]', 'arms.losses[1]', /; did you mean lovaszHinge\?$/],
      ['what others call a loss', '[ce, sd]', '[ce, Dice]', 'arms.losses[1]', /but it is "Dice"; did you mean sd\?$/],
      ['a part of the name of a loss', '[ce, sd]', '[ce, jaccard]', 'arms.losses[1]', /; did you mean softJaccard\?$/],
      [
        'a loss without its parameters',
        '[ce, sd]',
        '[ce, tversky]',
        'arms.losses[1]',
        /; did you mean \{ kind: tversky, alpha: 0\.3, beta: 0\.7 \}\?$/,
      ],
      [
        'the kind of a loss',
        '[ce, sd]',
        '[ce, { kind: Focal, gamma: 2 }]',
        'arms.losses[1].kind',
        /; did you mean focal\?$/,
      ],
      ['what is like nothing', '[lr, unet]', '[lr, transformer]', 'arms.models[1]', /but it is "transformer"$/],
    ];
  for (const [what, from, to, path, message] of words) {
    it(`is in plain words, with what may have been meant: ${what}`, () => {
      const structural = to.includes('structures');
      const found = structural
        ? problemsOf(good.replace(from, to)).find((one) => one.path === path)
        : problemAfter(from, to);
      assert.equal(found?.path, path);
      if (typeof message === 'string') assert.equal(found.message, message);
      else assert.match(found.message, message);
    });
  }

  it('is in plain words where the YAML is none', () => {
    const explained = (text: string): string => problemsOf(text)[0]?.message ?? '';
    assert.match(syntaxWords('Sequence item without - indicator'), /^a list whose items do not all begin with "- "/);
    assert.match(explained('losses:\n- ce\nsd\n'), /^a key without a value/);
    assert.match(explained('crop: { x: 1 y: 2 }\n'), /^a comma is missing between entries in brackets$/);
    assert.match(explained('models: [[lr] [unet]]\n'), /^something after the end of a value/);
    assert.match(explained('models: [lr]]\n'), /^a bracket that does not fit$/);
    assert.match(explained('name: |x\n  y\n'), /^text after \| or > must begin on the next line$/);
    assert.match(explained('models: [lr,, unet]\n'), /^a comma too many in brackets$/);
    assert.match(explained('name: @x\n'), /^text that begins with .*@.* must be in quotes$/);
  });
});
