import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { randomStream } from '../../../../domain/random/random-stream.js';
import { enoughParticipants } from '../../../../domain/results/enough-participants.js';
import { renderReport } from '../../../../domain/report/page/render-report.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from '../synthetic-report-input.js';

describe('the card of a data set', () => {
  it('is green only where every loss is shown to be right, not where no bias is shown', () => {
    const kindsWith = (errorOf: (error: number) => number): readonly string[] => {
      const rows = syntheticRows().map((row) => ({ ...row, volumeError: errorOf(row.volumeError) }));
      const page = renderReport(syntheticReportInput(syntheticResultsInput(rows))).replace(/\s/gu, ' ');
      return [...page.matchAll(/<article class="finding (\w*)">/g)].map(([, kind = '']) => kind);
    };
    assert.deepEqual(
      kindsWith(() => 0),
      new Array(4).fill('unbiased'),
    );
    const spread = randomStream('spread');
    assert.deepEqual(
      kindsWith(() => spread.normal(0, 10)),
      new Array(4).fill(''),
    );
  });

  it('tells the significant biases of models that do not judge', () => {
    const rows = syntheticRows().map((row) => ({ ...row, volumeError: row.model === 'lr' ? row.volumeError : 0 }));
    const page = renderReport(syntheticReportInput(syntheticResultsInput(rows))).replace(/\s/gu, ' ');
    assert.match(
      page,
      /Other models with significantly biased volumes \(ΔV\): LR with soft Dice by \+[\d.]+ (ml|· 10² px) \(\+[\d.]+ %\)\./,
    );
    assert.doesNotMatch(page, /significantly biased volumes [^<]*(ConvNet|U-Net)/);
  });

  it('says of some arms only that they have too few participants, where others have enough', () => {
    let kept = 0;
    const rows = syntheticRows().filter(
      ({ dataSet, model, loss }) =>
        dataSet !== 'phantom-2d-low' || model !== 'unet' || loss !== 'sd' || kept++ < enoughParticipants - 1,
    );
    const page = renderReport(syntheticReportInput(syntheticResultsInput(rows))).replace(/\s/gu, ' ');
    assert.match(page, /Some arms have only 9 participants: with fewer than 10, .* so they are not marked\./);
    assert.match(page, /phantom-2d-low has 9 in some arms/);
    assert.doesNotMatch(page, /nothing is marked/);
  });
});
