import { markup, type Markup } from '../../markup/markup.js';
import type { Making } from '../making.js';
import { makingTable } from './making-table.js';
import { scrollArea } from './scroll-area.js';

/**
 * What a page's copy says and the stored page cannot: the line of the log that records the page contains its digest, and what
 * the work has used differs between runs, but the stored bytes depend on nothing but the results.
 */
export interface PageRecord {
  /** The SHA-256 of the line of the log that records the page. */
  readonly line: string;
  /** What the log up to that line says of the work behind the page. */
  readonly making: Making;
}

const elsewhere = 'named in the copy that volbias report writes';
const linePlace = /<code id="lineage-line">[^<]*<\/code>/;
const makingPlace = /(<div [^>]*id="making">)[\s\S]*?(<\/div>)/;
const makingElsewhere = markup`<p>Times and memory are ${elsewhere}.</p>`;

/** Where a copy names its line. */
export const lineagePlace: Markup = markup`<code id="lineage-line">${elsewhere}</code>`;

/** Where a copy says what its work has used. */
export const makingSection: Markup = markup`<section><h2>How it was made</h2>
<div ${scrollArea('How it was made')} id="making">${makingElsewhere}</div></section>`;

/** The copy of a stored page. */
export function copiedPage(page: string, { line, making }: PageRecord): string {
  return withMaking(
    page.replace(linePlace, () => `<code id="lineage-line">${line}</code>`),
    makingTable(making),
  );
}

/** The stored page of a copy, and the line that the copy names, if any. */
export function storedPage(copy: string): { readonly page: string; readonly line: string | undefined } {
  const line = /<code id="lineage-line">([0-9a-f]{64})<\/code>/.exec(copy)?.[1];
  if (line === undefined) return { page: copy, line };
  return { page: withMaking(copy.replace(linePlace, lineagePlace.source), makingElsewhere), line };
}

function withMaking(page: string, content: Markup): string {
  return page.replace(makingPlace, (_, start: string, end: string) => `${start}${content.source}${end}`);
}
