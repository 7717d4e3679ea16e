import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { figure1 } from '../../../../domain/theory/figures/figure-1.js';
import { figure1Data } from '../../../../domain/theory/figures/figure-1-data.js';
import { lossCurves, lossFigureValues } from '../../../../domain/theory/figures/loss-curves.js';
import { lossFigure } from '../../../../domain/theory/figures/loss-figure.js';
import { figure1Palette, lossFigurePalette } from '../../../../domain/theory/figures/palettes.js';
import { standaloneSvg } from '../../../../domain/figures/figure.js';
import { defaultLossSettings } from '../../../../domain/theory/analysis/losses/loss-settings.js';
import { switchProbability, switchProbabilityLimit } from '../../../../domain/theory/analysis/switch-probability.js';
import { repositoryRoot } from '../../../support/paths.js';

const ratios = [0.25, 1, 4];
const rows = readFileSync(join(repositoryRoot, 'docs', 'theory.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('the page on the theory states the switch points that the code computes', () => {
  const stated = rows.filter(([name = '']) => /^\d+$|^∞/.test(name));
  assert.equal(stated.length, 6);
  for (const [name = '', ...cells] of stated) {
    const computed = ratios.map((mu) =>
      name.startsWith('∞')
        ? switchProbabilityLimit(mu)
        : switchProbability({ coreVolume: 1, uncertainVolume: mu, regions: Number(name) }),
    );
    assert.deepEqual(
      cells,
      computed.map((value) => value.toFixed(4)),
    );
  }
});

test('the page on the theory states the biases of the losses that the code computes', () => {
  const titles: Readonly<Record<string, string>> = {
    'cross-entropy': 'cross-entropy',
    'soft Dice': 'soft Dice',
    'soft Dice, ε = 1': 'soft Dice (ε = 1)',
    'soft Dice, squared denominator': 'soft Dice, squared denominator',
    'generalised Dice': 'generalised Dice',
    'soft Jaccard': 'soft Jaccard',
    'Tversky (0.3, 0.7)': 'Tversky (α = 0.3, β = 0.7)',
    '½ CE + ½ soft Dice': '0.5 CE + 0.5 soft Dice',
    'focal (γ = 2)': 'focal (γ = 2)',
  };
  const curves = lossCurves({
    regions: 4,
    volumeRatios: ratios,
    points: 1001,
    settings: defaultLossSettings,
    batches: [],
  }).filter(({ part }) => part === 'losses');
  const stated = rows.filter(
    ([name = '', first = '']) => Object.hasOwn(titles, name) && first.split(', ').length === 3,
  );
  assert.equal(stated.length, Object.keys(titles).length);
  for (const [name = '', ...cells] of stated) {
    ratios.forEach((mu, i) => {
      const curve = curves.find(({ label, volumeRatio }) => label === titles[name] && volumeRatio === mu);
      const biases = (curve?.biases ?? []).map((bias) => bias / mu);
      const mean = biases.reduce((sum, bias) => sum + Math.abs(bias), 0) / biases.length;
      const computed = [Math.min(...biases), Math.max(...biases), mean];
      const numbers = (cells[i] ?? '').split(', ').map((cell) => Number(cell.replace('−', '-')));
      numbers.forEach((number, k) =>
        assert.ok(
          Math.abs(number - (computed[k] as number)) <= 0.000501,
          `${name}, μ = ${mu}: ${number}, ${computed[k]}`,
        ),
      );
    });
  }
});

test('the page on the theory shows the figures that the code draws', () => {
  const curves = lossCurves({ ...lossFigureValues, settings: defaultLossSettings });
  const drawn = {
    'figure-1.svg': standaloneSvg(figure1(figure1Data(1001)), figure1Palette('paper')),
    'figure-losses.svg': standaloneSvg(lossFigure(curves), lossFigurePalette('paper')),
  };
  for (const [name, svg] of Object.entries(drawn)) {
    assert.equal(
      readFileSync(join(repositoryRoot, 'docs', name), 'utf8'),
      svg,
      'draw it again: volbias theory --output docs',
    );
  }
});
