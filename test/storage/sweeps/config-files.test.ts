import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { configOf, good, problemAfter, problemsOf } from '../../support/sweeps/config-text.js';
import { tinyConfig } from '../../support/sweeps/tiny-config.js';

describe('a config', () => {
  it('is read from YAML and JSON, with defaults for what is left out', () => {
    const config = configOf(good);
    assert.equal(config.split.stratify, 'volumeTercile');
    assert.equal(config.training.learningRate.lr, 1);
    assert.deepEqual(configOf(JSON.stringify(config)), config);
    configOf(JSON.stringify(tinyConfig({})));
  });

  it('has all its problems reported at once, each with path and line', () => {
    const broken = `name: Try it
seed: 1.5
dataSets:
  - name: flat
    kind: folder2d
    modalities: grey
    path: here
    preprocessing: { spacingMm: -2, crop: [27, 27], resample: itk }
split:
  folds: 0
arms:
  models: [lr, unet, lr]
  losses: [ce, dice]
traning: {}
`;
    const found = problemsOf(broken).map(({ path, line }) => `${String(line)} ${path}`);
    assert.deepEqual(
      found.sort((a, b) => parseInt(a) - parseInt(b)),
      [
        '1 name',
        '2 seed',
        '6 dataSets[0].modalities',
        '8 dataSets[0].preprocessing.spacingMm',
        '8 dataSets[0].preprocessing.resample',
        '10 split.folds',
        '12 arms.models[2]',
        '13 arms.losses[1]',
        '14 traning',
      ],
    );
  });

  const refusals: [what: string, from: string, to: string, path: string, line: number, expected: RegExp][] = [
    [
      'an unknown key',
      'seed: 1',
      'seed: 1\nsed: 2',
      'sed',
      3,
      /^unknown key "sed", did you mean seed\? the keys here are name, seed, dataSets, split, arms, .*, numerics$/,
    ],
    [
      'a key of another object, which is like none of this one',
      'crop: [27, 27]',
      'crop: [27, 27], batchSize: 2',
      'dataSets[0].preprocessing.batchSize',
      8,
      /^unknown key "batchSize"; the keys here are spacingMm, resampling, antiAlias, align, roi, mask, .*, crop$/,
    ],
    [
      'a key with swapped letters in an object of a list',
      'modalities: [grey]',
      'modalities: [grey]\n    label: { graeterThan: 0 }',
      'dataSets[0].label.graeterThan',
      7,
      /did you mean greaterThan\? the keys here are greaterThan, equals, anyOf, allowed, title, resampling/,
    ],
    ['a missing key', 'seed: 1\n', '', 'seed', 1, /^missing, expected a whole number$|^missing, expected a number$/],
    ['a wrong type', 'seed: 1', 'seed: one', 'seed', 2, /^expected a whole number, but it is "one"$/],
    ['no folds', 'folds: 2', 'folds: 0', 'split.folds', 9, /^expected a number of at least 2, but it is 0$/],
    [
      'a negative spacing',
      'crop: [27',
      'spacingMm: -1, crop: [27',
      'dataSets[0].preprocessing.spacingMm',
      8,
      /^expected a number above 0, but it is -1$/,
    ],
    [
      'more folds than participants',
      'folds: 2',
      'folds: 7',
      'dataSets[0].phantom.cases',
      7,
      /7 folds need at least as many participants, but this phantom has 6/,
    ],
    ['an arm twice', '[lr, unet]', '[lr, unet, lr]', 'arms.models[2]', 11, /"lr" is listed twice/],
    ['a loss twice', '[ce, sd]', '[sd, sd]', 'arms.losses[1]', 12, /"sd" is listed twice/],
    [
      'a loss without its parameter',
      '[ce, sd]',
      '[ce, { kind: ceSd }]',
      'arms.losses[1].weight',
      12,
      /^missing, expected a number$/,
    ],
    [
      'an unknown loss',
      '[ce, sd]',
      '[ce, mse]',
      'arms.losses[1]',
      12,
      /^expected ce, sd, .* or lovaszHinge or { kind: … } with the kind .* or ceSd, but it is "mse"$/,
    ],
    [
      'an unknown kind of loss',
      '[ce, sd]',
      '[ce, { kind: dice }]',
      'arms.losses[1].kind',
      12,
      /the kind smoothedSd, tversky, focal or ceSd/,
    ],
    [
      'an unknown parameter of a loss',
      '[ce, sd]',
      '[ce, { kind: focal, gamma: 2, alpha: 1 }]',
      'arms.losses[1].alpha',
      12,
      /^unknown key "alpha"; the keys here are kind, gamma$/,
    ],
    [
      'a weight that leaves nothing',
      '[ce, sd]',
      '[{ kind: ceSd, weight: 1 }]',
      'arms.losses[0].weight',
      12,
      /^expected a number below 1, but it is 1$/,
    ],
    [
      'a loss with parameters twice',
      '[ce, sd]',
      '[{ kind: tversky, alpha: 1, beta: 2 }, { beta: 2.0, kind: tversky, alpha: 1 }]',
      'arms.losses[1]',
      12,
      /^{ alpha: 1, beta: 2, kind: tversky } is listed twice$/,
    ],
    ['batches of one image', '[ce, sd]', '[ce, batchSd]', 'arms.losses[1]', 12, /batchSize above 1; with 1 it is sd/],
    [
      'an unknown model',
      '[lr, unet]',
      '[lr, vnet]',
      'arms.models[1]',
      11,
      /^expected lr, convnet or unet, but it is "vnet"; did you mean unet\?$/,
    ],
    [
      'a probability of more than 1',
      'probability: 0.6',
      'probability: 1.6',
      'dataSets[0].phantom.probability',
      7,
      /^expected a number of at most 1, but it is 1\.6$/,
    ],
    ['half a thread', 'seed: 1', 'seed: 1.5', 'seed', 2, /^expected a whole number, but it is 1\.5$/],
    [
      'text in place of a list',
      '[lr, unet]',
      'unet',
      'arms.models',
      11,
      /^expected a list, such as \[a, b\], but it is "unet"$/,
    ],
    ['a number that is none', 'seed: 1', 'seed: .nan', 'seed', 2, /number/],
    ['an endless number', 'coreRadius: 5', 'coreRadius: .inf', 'dataSets[0].phantom.coreRadius', 7, /number/],
    [
      'a crop of three sizes for pictures',
      'crop: [27, 27]',
      'crop: [9, 9, 9]',
      'dataSets[0].preprocessing.crop',
      8,
      /2/,
    ],
  ];
  for (const [what, from, to, path, line, expected] of refusals) {
    it(`with ${what} is refused with path, line and what was expected`, () => {
      const problem = problemAfter(from, to);
      assert.deepEqual({ path: problem.path, line: problem.line }, { path, line });
      assert.match(problem.message, expected);
    });
  }

  it('with two data sets of the same name is refused', () => {
    const again = good.slice(good.indexOf('  - name: flat'), good.indexOf('split:'));
    const problems = problemsOf(good.replace('split:', `${again}split:`));
    assert.deepEqual(
      problems.map(({ path, line }) => [path, line]),
      [['dataSets[1]', 9]],
    );
  });

  it('that is not YAML is refused at the line of the syntax error', () => {
    const [problem] = problemsOf(good.replace('[lr, unet]', '[lr, unet'));
    assert.equal(problem?.path, '');
    assert.ok(problem.line !== undefined && problem.line >= 11 && problem.line <= 12);
    assert.ok(problemsOf('')[0]);
    assert.ok(problemsOf('- a list')[0]);
  });

  it('with tabs is refused once, with all its lines', () => {
    const [problem, ...more] = problemsOf('name: x\narms:\n\tmodels: [lr]\n\tlosses: [ce]\n');
    assert.deepEqual(more, []);
    assert.equal(problem?.line, 3);
    assert.match(
      problem.message,
      /^a tab at the beginning of the line \(also on line 4\); YAML is indented with spaces$/,
    );
  });

  it('with a value that is wrong in itself is not also told that it does not fit the rest', () => {
    const problems = problemsOf(good.replace('crop: [27, 27]', 'crop: [27, 27, 27, 27]'));
    assert.deepEqual(
      problems.map(({ path }) => path),
      ['dataSets[0].preprocessing.crop'],
    );
  });

  it('that is not YAML is explained in plain words', () => {
    const explained = (text: string): string => problemsOf(text)[0]?.message ?? '';
    assert.match(explained('name: a: b\n'), /put text that contains ": " in quotes/);
    assert.match(explained('arms:\n models: [lr]\n  losses: [ce]\n'), /indent/);
    assert.match(explained('name: [a\nseed: 1\n'), /^a bracket that is not closed: expected \]$/);
    assert.match(explained('name: "a\nseed: 1\n'), /^a quotation mark that is not closed: expected "$/);
  });

  it('with a duplicate key is refused', () => {
    assert.match(problemAfter('seed: 1', 'seed: 1\nseed: 2').message, /the key "seed" occurs twice/);
    assert.match(problemAfter('{ folds: 2 }', '{ folds: 2, "folds": 2 }').message, /the key "folds" occurs twice/);
  });

  it('that is missing is refused by name', async () => {
    await assert.rejects(readSweepContentFor('/no/such.yaml'), { code: 'CONFIG_INVALID', message: /\/no\/such\.yaml/ });
  });
});
