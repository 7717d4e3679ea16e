import { markup, type Markup } from '../../markup/markup.js';
import type { Making, MakingRow } from '../making.js';
import { formatNumber } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';

/** What the work behind a report has used, by data set and arm. It varies between runs, unlike all other tables. */
export function makingTable({ rows }: Making): Markup {
  return markup`<table>
<caption>What the work behind these numbers has used, by the log up to the line named below. Times are sums over units, which may run side by side; of a resumed unit they count since it was last resumed. Memory is the largest of any unit’s process. A unit that failed before is one that succeeded at a later attempt. This table alone differs between runs that give the same results; <code>volbias trace</code> names the record of each unit.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Work</th><th scope="col">units</th><th scope="col">wall time (min)</th><th scope="col">processor time (min)</th><th scope="col">memory (GB)</th><th scope="col">resumed</th><th scope="col">failed before</th></tr></thead>
<tbody>${rows.map(rowMarkup)}</tbody></table>`;
}

function rowMarkup({ dataSet, arm, ...row }: MakingRow): Markup {
  const work = arm === undefined ? 'shared by all arms' : `${modelLabel(arm.model)} ${lossShort(arm.loss)}`;
  const minutes = (seconds: number | null): string => (seconds === null ? '—' : formatNumber(seconds / 60));
  const memory = row.peakMemoryBytes === null ? '—' : formatNumber(row.peakMemoryBytes / 1e9);
  return markup`<tr><td class="text wrap">${dataSet ?? 'all'}</td><td class="text">${work}</td><td>${row.units}</td><td>${minutes(row.seconds)}</td><td>${minutes(row.processorSeconds)}</td><td>${memory}</td><td>${row.resumed}</td><td>${row.failed}</td></tr>
`;
}
