import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { renderReport } from '../../../../domain/report/page/render-report.js';
import { browserPath, openInBrowser } from '../../../support/browser.js';
import { temporaryFolderOfFile } from '../../../support/temporary-folder.js';
import { syntheticGalleryOf } from '../synthetic-gallery.js';
import { syntheticReportInput, syntheticResultsInput } from '../synthetic-report-input.js';

const skip = browserPath === undefined ? 'there is no Chromium to open the page in' : false;

/** Longer than the findings of the quickstart, which have 740 characters. */
const longestFinding = 800;

it(
  'shows pictures on the first screen of a telephone, below all of the findings',
  { skip, timeout: 300_000 },
  async () => {
    const place = { model: 'unet', loss: 'sd' };
    const results = syntheticResultsInput(undefined, {
      collapses: [{ dataSet: 'phantom-2d-low', model: 'lr', loss: 'sd', fold: 0, kept: true, sinceEpoch: 2 }],
      endings: [{ ...place, dataSet: 'phantom-3d-low', lastImprovement: 0.3, isUnfinished: true }],
    });
    const input = syntheticReportInput(results, { gallery: [syntheticGalleryOf('phantom-2d-high', results.rows, 2)] });
    const folder = temporaryFolderOfFile('first-screen');
    const path = join(folder, 'report.html');
    await writeFile(path, renderReport(input));
    const page = await openInBrowser(pathToFileURL(path).href, { width: 360, height: 740 });
    try {
      await page.until('document.readyState === "complete" && document.querySelector("main") !== null');
      const findings = await page.evaluate<string>('document.querySelector(".overall").innerText');
      assert.ok(findings.length > longestFinding, String(findings.length));
      const top = await page.evaluate<number>('document.querySelector(".picture").getBoundingClientRect().top');
      assert.ok(top < 740, String(top));
    } finally {
      await page.close();
      await rm(folder, { recursive: true });
    }
  },
);
