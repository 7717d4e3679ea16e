import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { table1Text } from '../../../../domain/report/table1/table1-text.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { tumourResults, tumours } from '../../results/tumours.js';
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
        'measured on the native grid (of the original masks)',
        '† some folds have no results',
        '',
      ].join('\n'),
    );
  });

  it('explains the mark of missing folds only if a fold is missing', () => {
    assert.ok(!table1Text(resultsOf(syntheticResultsInput())).includes('†'));
  });

  it('removes terminal escapes', () => {
    const text = table1Text(tumourResults({ dataSets: [{ ...tumours, name: 'x\u001b[2J\u202e' }] }));
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
  });
});
