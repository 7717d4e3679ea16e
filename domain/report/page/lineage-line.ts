import { markup, type Markup } from '../../markup/markup.js';

const words = 'named in the copy that volbias report writes';
const place = /<code id="lineage-line">[^<]*<\/code>/;

/**
 * Where the page's copy names the line of the log that records the page. The stored page cannot: its record contains its
 * digest, and its bytes depend on nothing but the results.
 */
export const lineagePlace: Markup = markup`<code id="lineage-line">${words}</code>`;

/** The page with the SHA-256 of the line of the log that records it. */
export function withLineageLine(page: string, sha256: string): string {
  return page.replace(place, `<code id="lineage-line">${sha256}</code>`);
}

/** The page as it is stored, and the SHA-256 that it names, if any. */
export function withoutLineageLine(page: string): { readonly page: string; readonly sha256: string | undefined } {
  const sha256 = /<code id="lineage-line">([0-9a-f]{64})<\/code>/.exec(page)?.[1];
  return { page: sha256 === undefined ? page : withLineageLine(page, words), sha256 };
}
