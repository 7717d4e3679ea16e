import assert from 'node:assert/strict';
import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { reportFiles } from '../../../../domain/report/report-files.js';
import { browserPath, openInBrowser, type OpenPage } from '../../../support/browser.js';
import { hostileText } from '../../../support/hostile-text.js';
import {
  assertAccessible,
  assertCaptionsFit,
  assertFits,
  assertPrints,
  assertUnbroken,
} from '../../../support/page-checks.js';
import { temporaryFolderOfFile } from '../../../support/temporary-folder.js';
import { completeReportInput } from '../complete-report-input.js';

const skip = browserPath === undefined ? 'there is no Chromium to open the page in' : false;
const input = completeReportInput(hostileText);

for (const name of ['report.html', 'table1.html']) {
  describe(`${name} in a browser`, { skip, timeout: 300_000 }, () => {
    const folder = temporaryFolderOfFile('report-page');
    let page: OpenPage;

    before(async () => {
      await writeFile(join(folder, name), reportFiles(input)[name] ?? '');
      page = await openInBrowser(pathToFileURL(join(folder, name)).href, { width: 1440, height: 900 });
      await page.until('document.readyState === "complete" && document.querySelector("main") !== null');
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    });
    after(async () => {
      await page.close();
      await rm(folder, { recursive: true });
    });

    it('shows text of users as text, without any complaint of the browser', async () => {
      assert.equal(await page.evaluate('document.title'), input.title);
      assert.equal(await page.evaluate('document.querySelectorAll("img, script").length'), 0);
      // Without what is in boxes of its own, such as <code>.
      const text = await page.evaluate<string>('document.body.innerText');
      const places = ['Does the training loss bias the volumes?'];
      if (name === 'report.html')
        places.push('phantom-2d-low-001', 'faulty', 'out of memory ', 'eight cores ', 'Free memory ', 'T1');
      for (const place of places) assert.ok(text.includes(place + hostileText), place);
      assert.deepEqual(page.complaints(), []);
    });

    it('fits narrow and wide windows', async () => {
      await assertFits(page);
    });

    it('has captions that a telephone shows whole, and tables whose values are not parted from their names', async () => {
      await assertCaptionsFit(page);
      await assertUnbroken(page);
    });

    it('is accessible in light and dark colours', async () => {
      await assertAccessible(page);
    });

    it('has all of its figures on paper', async () => {
      const { shown, printed } = await assertPrints(page);
      const figures = [
        'Mean volume error of',
        'Volume error of each',
        'Difference of predicted',
        'Observed share',
        'Losses on training',
      ];
      const wanted = name === 'report.html' ? figures : [];
      assert.deepEqual(
        wanted.filter((words) => !shown.some((label) => label.startsWith(words))),
        [],
      );
      assert.equal(printed, shown.length);
    });
  });
}
