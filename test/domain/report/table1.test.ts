import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EvaluationRow } from '../../../domain/evaluate/evaluation-row.js';
import { randomStream, shuffled } from '../../../domain/random/random-stream.js';
import { aggregate, type Table1Layout } from '../../../domain/report/table1.js';
import { table1Csv } from '../../../domain/report/table1-csv.js';
import { table1Markdown } from '../../../domain/report/table1-markdown.js';
import { table1Text } from '../../../domain/report/table1-text.js';
import type { Comparison } from '../../../domain/statistics/compare-losses.js';
import { syntheticRows } from './synthetic-report-input.js';

const layout: Table1Layout = {
  dataSets: [{ name: 'tumours', unit: 'ml' }],
  models: ['lr', 'unet'],
  losses: ['ce', 'sd'],
  folds: [0, 1],
};

function row(changes: Partial<EvaluationRow>): EvaluationRow {
  return {
    dataSet: 'tumours',
    caseId: 'a',
    participant: 'a',
    fold: 0,
    model: 'lr',
    loss: 'ce',
    crossEntropy: 0.25,
    softDiceScore: 0.5,
    dice: 0.75,
    unit: 'ml',
    truthVolume: 10,
    predictedVolume: 12.5,
    predictedVolumeThresholded: 11,
    volumeError: 2.5,
    ...changes,
  };
}

const arms = [
  ['lr', 'ce', 0.25],
  ['lr', 'sd', 276.4],
  ['unet', 'ce', -6.778],
] as const;
const rows = arms.flatMap(([model, loss, volumeError]) => [
  row({ model, loss, volumeError }),
  row({ model, loss, volumeError, caseId: 'b', participant: 'b', fold: 1 }),
]);

const answer = { cases: 2, groups: 2, dataSet: 'tumours', interval: [1, 2] as const };
const comparisons: Comparison[] = [
  {
    ...answer,
    kind: 'againstZero',
    model: 'lr',
    loss: 'sd',
    metric: 'volumeError',
    mean: 276.4,
    pValue: 0.001,
    significant: true,
  },
  {
    ...answer,
    kind: 'againstZero',
    model: 'unet',
    loss: 'ce',
    metric: 'volumeError',
    mean: -6.778,
    pValue: 0.01,
    significant: true,
  },
  {
    ...answer,
    kind: 'againstZero',
    model: 'lr',
    loss: 'ce',
    metric: 'volumeError',
    mean: 0.25,
    pValue: 0.4,
    significant: false,
  },
  {
    ...answer,
    kind: 'lossPair',
    model: 'lr',
    loss: 'sd',
    reference: 'ce',
    metric: 'crossEntropy',
    mean: 0.1,
    pValue: 0.01,
    significant: true,
  },
  {
    ...answer,
    kind: 'lossPair',
    model: 'lr',
    loss: 'sd',
    reference: 'ce',
    metric: 'dice',
    mean: 0.1,
    pValue: 0.01,
    significant: true,
  },
];
const marked = { table: aggregate(rows, layout), comparisons, significance: 0.05 };

describe('aggregate', () => {
  it('takes means over cases, not over folds', () => {
    const three = [row({}), row({ caseId: 'b', dice: 0.25 }), row({ caseId: 'c', fold: 1, dice: 0 })];
    const arm = aggregate(three, layout).dataSets[0]?.arms[0];
    assert.deepEqual([arm?.means?.dice, arm?.cases, arm?.participants], [1 / 3, 3, 1]);
  });

  it('measures the thresholded volume error beside the soft one', () => {
    const arm = aggregate([row({})], layout).dataSets[0]?.arms[0];
    assert.deepEqual([arm?.means?.volumeError, arm?.means?.volumeErrorThresholded], [2.5, 1]);
  });

  it('has an arm without results as a gap of every fold, and a fold without results as a gap of one', () => {
    const table = aggregate([row({ fold: 1 })], layout);
    assert.deepEqual(
      table.dataSets[0]?.arms.map((arm) => [arm.cases, arm.means === null, arm.missingFolds]),
      [
        [1, false, [0]],
        [0, true, [0, 1]],
        [0, true, [0, 1]],
        [0, true, [0, 1]],
      ],
    );
  });

  it('does not depend on the order of rows, to the last bit', () => {
    const many = syntheticRows();
    const wide = { ...layout, dataSets: [{ name: 'phantom-3d-high', unit: 'ml' as const }] };
    assert.deepEqual(aggregate(shuffled(many, randomStream(3)), wide), aggregate(many, wide));
  });
});

describe('table1Text', () => {
  it('lays the table out as the paper does, with marks and a legend', () => {
    assert.equal(
      table1Text(marked),
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
        '▲ volume overestimated, ▼ underestimated (mean ΔV against 0, p < 0.05)',
        '* better than the other loss of the same model (p < 0.05)',
        '† some folds have no results',
        '',
      ].join('\n'),
    );
  });

  it('explains the mark of missing folds only where a fold is missing', () => {
    const present = aggregate(syntheticRows(), {
      ...layout,
      dataSets: [{ name: 'phantom-3d-high', unit: 'ml' as const }],
      folds: [...new Set(syntheticRows().map(({ fold }) => fold))],
    });
    assert.ok(present.dataSets.some(({ arms }) => arms.length > 0));
    assert.ok(!table1Text({ ...marked, table: present }).includes('†'));
  });

  it('lets no terminal escape through', () => {
    const hostile = { ...layout, dataSets: [{ name: 'x\u001b[2J\u202e', unit: 'ml' as const }] };
    const text = table1Text({ ...marked, table: aggregate([], hostile) });
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
  });
});

describe('table1Csv', () => {
  it('has one line a cell with full precision, interval, p and mark', () => {
    const lines = table1Csv(marked).trimEnd().split('\n');
    assert.equal(lines.length, 1 + 5 * 4);
    assert.ok(lines.includes('tumours,volumeError,ml,lr,sd,276.4,2,2,1,2,0.001,over,'));
    assert.ok(lines.includes('tumours,volumeError,ml,unet,sd,,0,0,,,,,0 1'));
    assert.ok(lines.includes('tumours,crossEntropy,,lr,ce,0.25,2,2,,,,better,'));
  });

  it('quotes names with commas and quotation marks', () => {
    const table = aggregate([], { ...layout, dataSets: [{ name: 'a,"b"', unit: 'ml' }] });
    assert.match(table1Csv({ ...marked, table }), /^"a,""b""",crossEntropy/m);
  });
});

describe('table1Markdown', () => {
  it("has the paper's bold for over- and italic for underestimation", () => {
    const lines = table1Markdown(marked).split('\n');
    assert.equal(lines[0], '| Data set | Metric | LR CE | LR SD | U-Net CE | U-Net SD |');
    assert.equal(lines[4], '|  | ΔV (ml) | 0.250 | **276.4**▲ | _−6.778_▼ | — |');
    assert.equal(lines[2], '| tumours | CE | 0.250\\* | 0.250 | 0.250 | — |');
  });
});
