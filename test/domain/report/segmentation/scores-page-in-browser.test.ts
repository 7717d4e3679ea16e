import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import type { ScoredCase } from '../../../../domain/report/segmentation/scored-cases.js';
import { scoresPage } from '../../../../domain/report/segmentation/scores-page.js';
import { browserPath, openInBrowser, type OpenPage } from '../../../support/browser.js';
import { someScores } from '../../../support/case-scores.js';
import { hostileText } from '../../../support/hostile-text.js';
import { assertAccessible, assertFits, assertPrints } from '../../../support/page-checks.js';
import { temporaryFolderOfFile } from '../../../support/temporary-folder.js';

const skip = browserPath === undefined ? 'there is no Chromium to open the page in' : false;

const cases = Array.from({ length: 12 }, (_, index): ScoredCase => ({
  ...someScores,
  ...{ case: `case-${index}${hostileText}`, prediction: 'map', unit: index < 10 ? 'ml' : 'hundredPixels' },
  ...{ truthVolume: 10 + index, predictedVolume: 11 + index, predictedVolumeThresholded: 11 + index },
  ...{ volumeError: 1, volumeErrorThresholded: 1, dice: 0.8, softDiceScore: 0.7, crossEntropy: 0.1 },
  hausdorff95Mm: index === 0 ? null : 4,
}));

const page = scoresPage({
  ...{ toleranceMm: 1, cases, refused: [{ case: `refused${hostileText}`, reason: `/data/${hostileText}` }] },
  unmatched: { predictions: [`alone${hostileText}`], truths: [`lonely${hostileText}`] },
});

describe('the page of volbias evaluate in a browser', { skip, timeout: 180_000 }, () => {
  const folder = temporaryFolderOfFile('scores-page');
  let shown: OpenPage;

  before(async () => {
    await writeFile(join(folder, 'scores.html'), page);
    shown = await openInBrowser(pathToFileURL(join(folder, 'scores.html')).href);
    await shown.until('document.readyState === "complete" && document.querySelector("main") !== null');
  });
  after(async () => {
    await shown.close();
    await rm(folder, { recursive: true });
  });

  it('shows text of users as text, without any complaint of the browser', async () => {
    assert.equal(await shown.evaluate('document.title'), 'Segmentation metrics of 12 cases');
    assert.equal(await shown.evaluate('document.querySelectorAll("img, script").length'), 0);
    const text = await shown.evaluate<string>('document.body.innerText');
    for (const place of ['case-0', 'refused', '/data/', 'alone', 'lonely'])
      assert.ok(text.includes(place + hostileText), place);
    assert.deepEqual(shown.complaints(), []);
  });

  it('fits narrow and wide windows', async () => {
    await assertFits(shown);
  });

  it('is accessible in light and dark colours', async () => {
    await assertAccessible(shown);
  });

  it('has its figures on paper', async () => {
    const { shown: labels, printed } = await assertPrints(shown);
    assert.equal(labels.length, 2);
    assert.equal(printed, 2);
  });
});
