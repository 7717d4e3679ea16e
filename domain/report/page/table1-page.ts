import { markup } from '../../markup/markup.js';
import type { ReportInput } from '../report-input.js';
import { noTraceWords, traceWords } from '../words/trace-words.js';
import { collapseWarning } from './collapse-warning.js';
import { htmlPage } from './html-page.js';
import { partialNotice } from './partial-notice.js';
import { table1Markup } from './table1-markup.js';

/** Table 1 of the report on a page of its own. */
export function table1Page({ title, results, sweepId, origins, partial }: ReportInput): string {
  const table = table1Markup(results, partial === undefined ? traceWords(sweepId, origins) : noTraceWords);
  const body = markup`<header>${partialNotice(partial)}<h1>${title}</h1></header>
<main>${collapseWarning(results)}
${table}</main>`;
  return htmlPage(title, body);
}
