import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { table1Text } from '../../../../domain/report/table1/table1-text.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { rules, tumourComparisons, tumourResults, tumours } from '../../results/tumours.js';
import { syntheticResultsInput } from '../synthetic-report-input.js';

describe('table1Text', () => {
  it('follows the layout of the paper, with marks and a legend', () => {
    assert.equal(
      table1Text(tumourResults()),
      [
        '                                       LR                U-Net',
        '                                   CE        SD        CE        SD',
        '─────────────────────────────────────────────────────────────────────',
        'tumours     CE                  0.250*    0.250     0.250         —†',
        '2 cases     1 − SD              0.500     0.500     0.500         —†',
        '            ΔV (ml)             0.250     276.4▲   −6.778▼        —†',
        '            ΔV hard (ml)        1.000     1.000     1.000         —†',
        '            Dice                0.750     0.750*    0.750         —†',
        '─────────────────────────────────────────────────────────────────────',
        '▲ volume overestimated, ▼ underestimated (mean ΔV tested against 0, p < 0.05)',
        '* better than every other loss of the same model (p < 0.05)',
        'marks are decided by the test conditional on these trained networks',
        'measured on the native grid (of the original masks)',
        '† some trainings have no results',
        '',
        'Data set      Arm       ΔV      including the training      conditional on these trained networks  equivalence ±5 %',
        'tumours (ml)  LR CE     +0.250  +0.500 to +2.50, p = 0.60   +1.00 to +2.00, p = 0.40               shown, p = 0.010',
        'tumours (ml)  LR SD     +276    +0.500 to +2.50, p = 0.030  +1.00 to +2.00, p = 0.001              not shown, p = 0.90',
        'tumours (ml)  U-Net CE  −6.78   +0.500 to +2.50, p = 0.20   +1.00 to +2.00, p = 0.010              not shown, p = 0.60',
        '',
      ].join('\n'),
    );
  });

  it('explains the mark of missing folds only if a fold is missing', () => {
    assert.ok(!table1Text(resultsOf(syntheticResultsInput())).includes('†'));
  });

  it('says which test decides and what is not possible, and shows adjusted p-values', () => {
    const corrected = { ...rules, decides: 'includingTraining', correction: 'holm' } as const;
    const comparisons = tumourComparisons.map((one) =>
      one.model === 'unet' ? { ...one, includingTraining: null, equivalence: null } : one,
    );
    const text = table1Text(tumourResults({ rules: corrected, comparisons }));
    assert.match(text, /^marks are decided by the test including the training$/m);
    assert.match(text, /tested against 0, p < 0\.05, Holm-corrected\)/);
    assert.match(text, /LR CE .* p = 0\.60 .* p = 0\.40 +p = 0\.60 +shown/);
    assert.match(text, /LR SD .* p = 0\.030 .* p = 0\.001 +p = 0\.060 +not shown/);
    assert.match(text, /U-Net CE .*not possible with one fold .* p = 0\.010 +— +not possible$/m);
  });

  it('goes on below where arms are too many for a line, between models if one fits', () => {
    const results = resultsOf(syntheticResultsInput());
    const [dataSet] = results.dataSets;
    assert.ok(dataSet);
    const losses = [
      'ce',
      'sd',
      'batchSd',
      'squaredSd',
      'softJaccard',
      'generalisedDice',
      'diceSemimetric',
      'tversky-0.3-0.7',
    ];
    const models = ['lr', 'unet'];
    const [arm] = dataSet.arms;
    assert.ok(arm);
    const arms = models.flatMap((model, row) =>
      losses.map((loss, column) => {
        const dice = { ...arm.cells.dice, mean: row + (column + 1) / 1000 };
        return { ...arm, model, loss, cells: { ...arm.cells, dice } };
      }),
    );
    const shownOf = (some: readonly string[]): string[] => {
      const shown = arms.filter(({ loss }) => some.includes(loss));
      const text = table1Text({ ...results, models, losses: some, dataSets: [{ ...dataSet, arms: shown }] });
      const table = text.slice(0, text.indexOf('▲ volume')).split('\n');
      assert.ok(
        table.every((line) => line.length <= 100),
        text,
      );
      const dice = table.filter((line) => line.includes(' Dice '));
      const means = dice.flatMap((line) => [...line.matchAll(/[01]\.\d+/g)].map(([number]) => Number(number)));
      assert.deepEqual(
        means,
        shown.map(({ cells }) => cells.dice.mean),
      );
      return table.filter((line) => /LR|U-Net/.test(line)).map((line) => line.trim().replace(/ {2,}/g, ' | '));
    };
    assert.deepEqual(shownOf(losses), ['LR', 'LR', 'LR', 'U-Net', 'U-Net', 'U-Net']);
    assert.deepEqual(shownOf(losses.slice(0, 5)), ['LR', 'U-Net']);
    assert.deepEqual(shownOf(losses.slice(0, 2)), ['LR | U-Net']);
  });

  it('removes terminal escapes', () => {
    const text = table1Text(tumourResults({ dataSets: [{ ...tumours, name: 'x\u001b[2J\u202e' }] }));
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
  });
});
