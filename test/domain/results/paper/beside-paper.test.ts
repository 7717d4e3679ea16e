import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { renderReport } from '../../../../domain/report/page/render-report.js';
import { besidePaper } from '../../../../domain/results/paper/beside-paper.js';
import { paperDataSetOf } from '../../../../domain/results/paper/paper-data-set.js';
import { published, type PaperDataSet } from '../../../../domain/results/paper/published.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { syntheticReportInput, syntheticResultsInput } from '../../report/synthetic-report-input.js';

/** Typed a second time from the paper: CE/SD of LR, of ConvNet and of U-Net. */
const typedAgain: Readonly<Record<PaperDataSet, readonly [string, string, string, string]>> = {
  MOLARS: [
    '.240/5.534 .194/1.456 .024/.103',
    '.068/.153 .150/.270 .865/.931',
    '-.069/302.3 -.276/87.09 .092/-.187',
    '.924/.932',
  ],
  'BRATS 2018': [
    '.039/.173 .030/.069 .012/.027',
    '.080/.355 .196/.715 .585/.820',
    '-2.841/276.4 3.936/19.93 -6.778/-1.905',
    '.763/.826',
  ],
  'ISLES 2017': [
    '.025/.155 .018/.069 .014/.066',
    '.099/.255 .114/.321 .188/.340',
    '15.71/82.42 -4.227/23.83 -2.875/13.44',
    '.177/.343',
  ],
  'ISLES 2018': [
    '.055/.225 .044/.139 .029/.128',
    '.136/.329 .200/.449 .362/.518',
    '.773/34.03 -.374/12.44 -.878/5.442',
    '.454/.527',
  ],
};

const numbers = (text: string): number[] => text.split(/[ /]/).map(Number);

describe("the paper's values", () => {
  it('are those of its Table 1 and its text', () => {
    for (const [name, [crossEntropy, softDiceScore, volumeError, dice]] of Object.entries(typedAgain)) {
      const { means } = published[name as PaperDataSet];
      assert.deepEqual(means, {
        crossEntropy: numbers(crossEntropy),
        softDiceScore: numbers(softDiceScore),
        volumeError: numbers(volumeError),
        dice: [null, null, null, null, ...numbers(dice)],
      });
    }
  });

  it('stand beside the means of the arms that both have, with the difference', () => {
    const { dataSets, ...others } = syntheticResultsInput();
    const ofPaper = dataSets.map((one) => ({ ...one, paperDataSet: 'ISLES 2018' as const }));
    const results = resultsOf({ ...others, dataSets: ofPaper });
    const [pictures, , volumes] = results.dataSets;
    assert.equal(pictures?.paper, null, 'in 10² pixels, and the paper in ml');
    const { paper, arms = [] } = volumes ?? {};
    assert.deepEqual([paper?.dataSet, paper?.cases, paper?.means.length], ['ISLES 2018', 94, 3 * 6 + 2]);
    const found = paper?.means.find(
      ({ model, loss, metric }) => model === 'convnet' && loss === 'sd' && metric === 'volumeError',
    );
    const own = arms.find(({ model, loss }) => model === 'convnet' && loss === 'sd')?.cells.volumeError.mean ?? NaN;
    assert.deepEqual(found, {
      ...{ model: 'convnet', loss: 'sd', metric: 'volumeError' },
      ...{ paper: 12.44, own, difference: own - 12.44 },
    });
    const [low] = ofPaper.filter(({ unit }) => unit === 'ml');
    const withoutCases = arms.map((arm) => ({
      ...arm,
      cells: { ...arm.cells, dice: { ...arm.cells.dice, mean: null } },
    }));
    const empty = low && besidePaper(low, withoutCases)?.means.filter(({ metric }) => metric === 'dice');
    assert.deepEqual(
      empty?.map(({ own: mean, difference }) => [mean, difference]),
      [
        [null, null],
        [null, null],
      ],
    );
  });

  it('are behind a switch in the report, and only for its data sets', () => {
    const { dataSets, ...others } = syntheticResultsInput();
    const plain = renderReport(syntheticReportInput());
    assert.ok(!plain.includes('class="switch"') && !plain.includes('beside the paper'));
    const ofPaper = dataSets.map((one, index) => (index === 0 ? { ...one, paperDataSet: 'MOLARS' as const } : one));
    const page = renderReport(syntheticReportInput({ ...others, dataSets: ofPaper }));
    assert.match(page, /<label for="table1-paper">beside the paper<\/label>/);
    assert.match(page, /title="Table 1 of Bertels et al\. 2019">302\.3</);
    assert.match(page, /MOLARS has 400 cases there and 60 here/);
  });
});

describe('a data set of the paper', () => {
  const volume = { label: {}, preprocessing: { crop: [162, 162, 108] } };
  const picture = { label: { greaterThan: 0 }, preprocessing: { crop: [243, 243] } };
  const brats = [{ id: 'HGG/Brats18_CBICA_AAB_1' }];

  it('is known by its layout and its cases', () => {
    assert.equal(paperDataSetOf({ name: 'x', kind: 'isles2017', ...volume }, []), 'ISLES 2017');
    assert.equal(paperDataSetOf({ name: 'x', kind: 'isles2018', ...volume }, []), 'ISLES 2018');
    assert.equal(paperDataSetOf({ name: 'x', kind: 'brats', ...volume }, brats), 'BRATS 2018');
    assert.equal(paperDataSetOf({ name: 'Molars', kind: 'folder2d', ...picture }, []), 'MOLARS');
  });

  it('is not one of another year, another structure, or with only its name', () => {
    for (const other of [
      { name: 'x', kind: 'brats', ...volume, cases: [{ id: 'BraTS20_Training_001' }] },
      { name: 'x', kind: 'brats', ...volume, label: { equals: 4 }, cases: brats },
      { name: 'x', kind: 'isles2017', ...volume, label: { greaterThan: 1 } },
      { name: 'molars', kind: 'nnunet', ...volume },
      { name: 'teeth', kind: 'folder2d', ...picture },
    ]) {
      assert.equal(paperDataSetOf(other, 'cases' in other ? other.cases : []), undefined);
    }
  });
});
