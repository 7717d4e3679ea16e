import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';

import { figureFiles } from '../../../../domain/report/figures/figure-files.js';
import { drawPng } from '../../../../storage/images/encode-png.js';
import { completeReportInput } from '../complete-report-input.js';
import { syntheticReportInput, syntheticResultsInput } from '../synthetic-report-input.js';

describe('the files of the figures', () => {
  const files = figureFiles(completeReportInput());

  it('are all that the page shows, and need nothing else', () => {
    assert.deepEqual(Object.keys(files), [
      ...[
        'figures/figure-1-bias.svg',
        'figures/figure-2-cases.svg',
        'figures/figure-3-agreement.svg',
        'figures/figure-4-reliability.svg',
      ],
      'figures/figure-5-learning.svg',
    ]);
    for (const svg of Object.values(files)) assert.doesNotMatch(svg, /var\(|<script|href|url\(|@import/);
    const empty = figureFiles(syntheticReportInput(syntheticResultsInput([])));
    assert.deepEqual(Object.keys(empty), [
      'figures/figure-1-bias.svg',
      'figures/figure-2-cases.svg',
      'figures/figure-3-agreement.svg',
    ]);
  });

  it('say what their marks mean', () => {
    assert.match(
      files['figures/figure-1-bias.svg'] ?? '',
      /SD: trained with soft Dice.*confidence interval.*predicted by theory/s,
    );
    assert.match(files['figures/figure-2-cases.svg'] ?? '', /CE: trained with cross-entropy/);
    assert.match(
      files['figures/figure-3-agreement.svg'] ?? '',
      /SD: a case.*mean difference.*limits of agreement.*proportional bias.*interval of the mean, including the training.*interval of a limit, conditional/s,
    );
    assert.match(files['figures/figure-5-learning.svg'] ?? '', /loss on validation cases.*loss on training cases/s);
  });

  it('are drawn with twice as many pixels, the same bytes each time, and with text', async () => {
    const svg = files['figures/figure-1-bias.svg'] ?? '';
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    const png = await drawPng(svg);
    const size = await sharp(png).metadata();
    assert.deepEqual([size.width, size.height], [2 * Number(width), 2 * Number(height)]);
    assert.ok(png.equals(await drawPng(svg)));
    assert.ok(!png.equals(await drawPng(svg.replaceAll('too large', 'too small'))));
  });
});
