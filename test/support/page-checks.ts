import assert from 'node:assert/strict';

import axe from 'axe-core';
import type { OpenPage } from './browser.js';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** By how many pixels a page is wider than its window. */
function overflow(page: OpenPage): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Fails if a page is wider than the window of a telephone or of a desk. */
export async function assertFits(page: OpenPage): Promise<void> {
  for (const width of [360, 1440]) {
    await page.show({ width, height: 800 });
    assert.equal(await overflow(page), 0, `in a window of ${width} pixels`);
  }
}

/** Fails for each moderate, serious or critical violation of accessibility that axe-core finds, on a desk in light colours and on a telephone in dark ones. */
export async function assertAccessible(page: OpenPage): Promise<void> {
  await page.evaluate(`${axe.source};0`);
  for (const [scheme, width] of [
    ['light', 1440],
    ['dark', 360],
  ] as const) {
    await page.show({ width, height: 800, scheme });
    const violations = await page.evaluate<readonly Violation[]>(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
    );
    const found = violations.filter(({ impact }) => ['moderate', 'serious', 'critical'].includes(impact));
    assert.deepEqual(found.map(describeViolation), [], `${scheme}, ${width} pixels`);
  }
}

function describeViolation({ id, nodes }: Violation): string {
  const places = nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`);
  return `${id} (${nodes.length} elements): ${places.join('; ')}`;
}

/** Fails if a caption must be scrolled sideways to be read, as its table must. */
export async function assertCaptionsFit(page: OpenPage): Promise<void> {
  await page.show({ width: 360, height: 740 });
  const captions = await page.evaluate<{ text: string; isWide: boolean; isFixed: boolean }[]>(
    `[...document.querySelectorAll('.scroll caption')].map((one) => {
      const area = one.closest('.scroll');
      const isWithin = () => {
        const [own, view] = [one.getBoundingClientRect(), area.getBoundingClientRect()];
        return own.left >= view.left - 1 && own.right <= view.right + 1;
      };
      const before = isWithin();
      area.scrollLeft = 200;
      const isFixed = before && isWithin();
      const isWide = area.scrollWidth > area.clientWidth;
      area.scrollLeft = 0;
      return { text: one.textContent.slice(0, 80), isWide, isFixed };
    })`,
  );
  assert.ok(captions.some(({ isWide }) => isWide));
  assert.deepEqual(
    captions.filter(({ isFixed }) => !isFixed),
    [],
  );
}

/** Fails if a part of a table's cell that belongs together, or a word of its headings, is broken over lines, on a desk or on paper. */
export async function assertUnbroken(page: OpenPage): Promise<void> {
  for (const showing of [
    { width: 1300, height: 900 },
    { ...paper, media: 'print' },
  ] as const) {
    await page.show(showing);
    const broken = await page.evaluate<string[]>(
      `(() => {
        const linesOf = (target) => new Set([...target.getClientRects()].map(({ bottom }) => Math.round(bottom))).size;
        const parts = [...document.querySelectorAll('td .part')].filter((part) => linesOf(part) > 1);
        const broken = parts.map((part) => part.textContent);
        for (const heading of document.querySelectorAll('thead th')) {
          const text = heading.firstChild;
          if (!(text instanceof Text)) continue;
          for (const { 0: word, index } of text.data.matchAll(/[^\\s-]+/g)) {
            const range = new Range();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            if (linesOf(range) > 1) broken.push(word);
          }
        }
        return broken;
      })()`,
    );
    assert.deepEqual(broken, [], JSON.stringify(showing));
  }
}

/** What A4 leaves to a page with the report's margins of 14 mm, in pixels of 1/96 inch. */
const paper = { width: Math.floor(((210 - 2 * 14) / 25.4) * 96), height: 1000 };

/** What US Letter leaves in height, in these pixels, without 300 for a heading, a legend and a caption. */
const letterHeight = Math.floor(((279.4 - 2 * 14) / 25.4) * 96) - 300;

/**
 * Fails if pictures are hidden or cut off on paper, if something is wider than it, or if a note in a table is larger than its cell. Returns the labels of the pictures, and
 * those that the printed file has.
 */
export async function assertPrints(page: OpenPage): Promise<{ readonly shown: string[]; readonly printed: number }> {
  await page.show({ ...paper, media: 'print' });
  assert.equal(await overflow(page), 0, 'on paper');
  const large = await page.evaluate<string[]>(
    `[...document.querySelectorAll('td small, th small, td code')].filter((one) => {
      const [own, cell] = [one, one.closest('td, th')].map((element) => parseFloat(getComputedStyle(element).fontSize));
      return own > cell;
    }).map((one) => one.textContent)`,
  );
  assert.deepEqual(large, [], 'larger than the cell');
  const pictures = await page.evaluate<{ label: string; isWhole: boolean }[]>(
    `[...document.querySelectorAll('svg[role=img]')].map((one) => {
      const { left, right, width, height } = one.getBoundingClientRect();
      const isWhole = one.checkVisibility() && width > 0 && height > 0 && height < ${letterHeight} && left > -1 && right < innerWidth + 1;
      return { label: one.getAttribute('aria-label'), isWhole };
    })`,
  );
  assert.deepEqual(
    pictures.filter(({ isWhole }) => !isWhole),
    [],
  );
  const pdf = await page.print();
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  // A tagged PDF names each figure by its label.
  const named = [...pdf.toString('latin1').matchAll(/\/S \/Figure\n\/Alt /g)].length;
  return { shown: pictures.map(({ label }) => label), printed: named };
}
