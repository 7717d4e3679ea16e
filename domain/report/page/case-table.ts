import { caseMeans } from '../../evaluate/case-means.js';
import { reachableVolume } from '../../evaluate/evaluate-case.js';
import { unitLabel } from '../../evaluate/voxel-size.js';
import { markup, type Markup } from '../../markup/markup.js';
import type { Results, ResultsDataSet } from '../../results/results.js';
import { counted, formatNumber, formatSigned } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import { seenWords } from '../words/seen-words.js';
import type { TraceWords } from '../words/trace-words.js';
import { scrollArea } from './scroll-area.js';

/** The volume error of every case and arm, folded away; each value has a tooltip that says where it comes from. */
export function caseTables(results: Results, trace: TraceWords): Markup {
  const tables = results.dataSets
    .filter(({ measuredCases }) => measuredCases > 0)
    .map((dataSet) => caseTable(dataSet, results, trace));
  return markup`${tables}`;
}

function caseTable({ name, unit, arms, measuredCases }: ResultsDataSet, results: Results, trace: TraceWords): Markup {
  const rows = results.source.rows.filter(({ dataSet }) => dataSet === name);
  const byArm = arms.map(({ model, loss }) => {
    const means = caseMeans(rows.filter((row) => row.model === model && row.loss === loss));
    return new Map(means.map((row) => [row.caseId, row]));
  });
  const first = new Map(byArm.flatMap((cases) => [...cases]));
  const lines = [...first.keys()].sort().map((caseId) => {
    const any = first.get(caseId);
    const { fold = NaN } = any ?? {};
    const volume = any === undefined ? NaN : reachableVolume(any);
    const origin = any === undefined ? '' : trace.ofCase(any, 'truthVolume');
    const cells = byArm.map((cases) => {
      const row = cases.get(caseId);
      if (row === undefined) return markup`<td>—</td>`;
      return markup`<td title="${trace.ofCase(row, 'volumeError')}">${formatSigned(row.volumeError)}</td>`;
    });
    return markup`<tr><th class="text wrap" scope="row">${caseId}</th><td title="${trace.ofUnit(name, 'split')}">${fold}</td><td title="${origin}">${formatNumber(volume)}</td>${cells}</tr>
`;
  });
  const headings = arms.map(({ model, loss }) => markup`<th scope="col">${modelLabel(model)} ${lossShort(loss)}</th>`);
  return markup`<details><summary>Volume errors of ${counted(measuredCases, 'case')} of ${name}</summary><div ${scrollArea(`Volume errors of the cases of ${name}`)}><table>
<caption>ΔV of each case in ${unitLabel(unit)}${results.repeats > 1 ? ', mean over the repeats' : ''}. cases.csv has all metrics in full precision.${seenWords(results)}</caption>
<thead><tr><th class="text" scope="col">Case</th><th scope="col">Fold</th><th scope="col">True volume</th>${headings}</tr></thead>
<tbody>${lines}</tbody></table></div></details>
`;
}
