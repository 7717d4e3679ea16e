import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { PartialCounts } from '../report-input.js';
import { partialHeading, partialWords } from '../words/partial-words.js';

/** Warns at the top of a page that its sweep is not finished; empty if it is. */
export function partialNotice(counts: PartialCounts | undefined): Markup {
  if (counts === undefined) return nothing;
  return markup`<div class="warning" id="partial"><p><strong>${partialHeading}</strong> ${partialWords(counts)}</p></div>
`;
}
