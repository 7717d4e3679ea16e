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

/** Fails for each serious or critical violation of accessibility that axe-core finds, on a desk in light colours and on a telephone in dark ones. */
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
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(serious.map(describeViolation), [], `${scheme}, ${width} pixels`);
  }
}

function describeViolation({ id, nodes }: Violation): string {
  const places = nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`);
  return `${id} (${nodes.length} elements): ${places.join('; ')}`;
}

/** What A4 leaves to a page with the report's margins of 14 mm, in pixels of 1/96 inch. */
const paper = { width: Math.floor(((210 - 2 * 14) / 25.4) * 96), height: 1000 };

/**
 * Fails if pictures are hidden or cut off on paper, or if something is wider than it. Returns the labels of the pictures, and
 * those that the printed file has.
 */
export async function assertPrints(page: OpenPage): Promise<{ readonly shown: string[]; readonly printed: number }> {
  await page.show({ ...paper, media: 'print' });
  assert.equal(await overflow(page), 0, 'on paper');
  const pictures = await page.evaluate<{ label: string; isWhole: boolean }[]>(
    `[...document.querySelectorAll('svg[role=img]')].map((one) => {
      const { left, right, width, height } = one.getBoundingClientRect();
      const isWhole = one.checkVisibility() && width > 0 && height > 0 && left > -1 && right < innerWidth + 1;
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
