import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { pageState, type PageState } from '../../../cli/watch/page-state.js';
import { startPageServer, type PageServer } from '../../../cli/watch/server/page-server.js';
import { browserPath, openInBrowser, type OpenPage } from '../../support/browser.js';
import { assertAccessible, assertFits } from '../../support/page-checks.js';

const skip = browserPath === undefined ? 'there is no Chromium to open the page in' : false;

/** It would run in any place that takes text for markup. */
const hostile = '<img src=x onerror="document.title=1">';

const cell = (state: 'done' | 'open', mark: string, words: string) => ({ state, mark, words });

function stateWith(epoch: number): PageState {
  return pageState({
    ...{ sweep: hostile, state: 'running', waitingFor: [{ what: hostile, since: '2020-01-01T00:00:00Z' }] },
    ...{ paused: undefined, secondsLeft: 90, temporal: 'http://127.0.0.1:1/', report: { href: 'report/report.html' } },
    goOn: `volbias run '${hostile}'`,
    reportCommand: `volbias report '${hostile}'`,
    counts: [{ step: 'train', total: 2, cached: 0, done: 1, running: 1, failed: 0 }],
    matrices: [
      {
        dataSet: hostile,
        folds: [0, 1],
        rows: [
          { arm: hostile, cells: [cell('done', '✓', hostile), cell('open', `${epoch}/30`, `epoch ${epoch} of 30`)] },
        ],
      },
    ],
    failures: {
      failures: [{ unit: hostile, kind: hostile, reason: hostile, again: `volbias rerun '${hostile}'` }],
      ...{ remedies: [hostile], again: hostile },
    },
  });
}

const losses = (last: number): object[] => {
  const training = [
    [1, 0.7],
    [2, last],
  ];
  const curve = {
    training,
    validation: [
      [1, 0.8],
      [2, null],
    ],
  };
  return [{ dataSet: hostile, folds: [0, 1], rows: [{ arm: hostile, cells: [curve, null] }] }];
};

describe('the page in a browser', { skip, timeout: 180_000 }, () => {
  let server: PageServer;
  let page: OpenPage;

  before(async () => {
    const report = '<!doctype html><title>report</title><p id="own">all</p><script>document.title = "ran"</script>';
    server = await startPageServer({ port: 0, readReport: async () => Buffer.from(report) });
    server.send('state', stateWith(3));
    server.send('losses', losses(0.6));
    page = await openInBrowser(server.url, { width: 360, height: 700 });
    await page.until('document.querySelector("polyline") !== null');
  });
  after(async () => {
    await page.close();
    await server.close();
  });

  const textOf = (selector: string): Promise<string> =>
    page.evaluate(`document.querySelector(${JSON.stringify(selector)}).textContent`);

  it('shows text of users as text, wherever it comes', async () => {
    const places = ['h1', '#notes li', '#failures li', '#failures code', '#remedies li', '#again code', '#go-on code'];
    const named = ['caption', 'tbody th', 'td .read', '#losses h3', 'figcaption'];
    for (const place of [...places, ...named]) assert.ok((await textOf(place)).includes(hostile), place);
    assert.equal(await page.evaluate('document.images.length'), 0);
    assert.equal(await page.evaluate('document.title'), `${hostile}: waiting; 1 unit failed`);
  });

  it('has a table with heads of rows and columns, marks with words, and only the state read aloud', async () => {
    assert.equal(await page.evaluate('document.querySelectorAll("th[scope=col]").length'), 3);
    assert.equal(await page.evaluate('document.querySelectorAll("th[scope=row]").length'), 1);
    const marks = await page.evaluate('[...document.querySelectorAll("td .mark")].map((one) => one.textContent)');
    assert.deepEqual(marks, ['✓', '3/30']);
    const aloud = await page.evaluate(
      '[...document.querySelectorAll("[role=status], [aria-live]")].map((one) => one.id)',
    );
    assert.deepEqual(aloud, ['summary']);
    assert.equal(await textOf('#summary'), 'waiting; 1 unit failed');
  });

  it('fits narrow and wide windows', async () => {
    await assertFits(page);
  });

  it('is accessible in light and dark colours', async () => {
    await assertAccessible(page);
  });

  it('changes what is new and leaves the rest, with the focus where it is', async () => {
    await page.evaluate('document.querySelector(".scroll").focus(); kept = document.querySelector("td"); 0');
    server.send('state', stateWith(4));
    server.send('losses', losses(0.5));
    await page.until('document.querySelectorAll("td .mark")[1].textContent === "4/30"');
    await page.until('document.querySelector("figure small").textContent.includes("losses 0.5 to 0.8")');
    assert.equal(await page.evaluate('kept === document.querySelector("td")'), true);
    assert.equal(await page.evaluate('document.activeElement.className'), 'scroll');
  });

  it('ends with the sweep, without any complaint of the browser, and leads to the report, which runs no scripts', async () => {
    server.end();
    await page.until('document.body.dataset.over === "true"');
    assert.deepEqual(page.complaints(), []);
    await page.evaluate('document.querySelector("#links a").click()');
    await page.until('document.querySelector("#own") !== null');
    assert.equal(await page.evaluate('document.title'), 'report');
    assert.equal(await page.evaluate('origin'), 'null');
  });
});
