import { unpredictableReasons } from '../../preprocess/mask/structure-quality.js';
import type { ResultsDataSet } from '../../results/results.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { TraceWords } from '../words/trace-words.js';
import { counted, firstTen, formatNumber, formatSignedPercent, percent, withUnit } from '../words/format-number.js';
import { scrollArea } from './scroll-area.js';

/** Effect of resampling and cropping on the structures, before any network saw them. */
export function qualitySection(dataSets: readonly ResultsDataSet[], trace: TraceWords): Markup {
  const described = dataSets.filter((dataSet) => dataSet.preparation.cases > 0);
  if (described.length === 0) return nothing;
  const rows = described.map(({ name, unit, preparation }) => {
    const { change, unpredictable, meanUnpredictable, empty, vanished, cases } = preparation;
    const range = change && `${formatSignedPercent(change.lowest)} to ${formatSignedPercent(change.highest)}`;
    const parts = unpredictableReasons.map(({ reason }) => {
      const volume = meanUnpredictable?.[reason] ?? 0;
      return markup`<td>${volume === 0 ? '0' : withUnit(formatNumber(volume), unit)}</td>`;
    });
    const origin = trace.ofUnit(name, 'statistics');
    return markup`<tr title="${origin}"><th class="text name">${name}</th><td>${cases}</td><td>${change === null ? '—' : formatSignedPercent(change.mean)}</td><td>${range ?? '—'}</td><td>${empty.length}</td><td>${vanished.length}</td><td>${unpredictable.length}</td>${parts}</tr>`;
  });
  const reasons = unpredictableReasons.map(({ label }) => markup`<th>${label}</th>`);
  return markup`<section><h2>Effect of preprocessing on the structures</h2>${described.map(qualityWarning)}<div ${scrollArea('Effect of preprocessing')}><table>
<caption>Change in each case's structure volume by resampling, and the mean volume of the original structures that no network can predict, by reason. ΔV leaves out what no network can predict. On the native grid it contains the change; on the working grid it does not.</caption>
<thead><tr><th class="text" rowspan="2">Data set</th><th rowspan="2">Cases</th><th rowspan="2">Mean change</th><th rowspan="2">Range</th><th rowspan="2">Empty</th><th rowspan="2">Lost</th><th colspan="${1 + reasons.length}">Cannot be predicted</th></tr>
<tr><th>cases</th>${reasons}</tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function qualityWarning({ name, preparation }: ResultsDataSet): Markup {
  const { unpredictable, vanished } = preparation;
  const warnings: Markup[] = [];
  if (unpredictable.length > 0) {
    const cases = unpredictable.map(({ caseId, volume, of }) => `${caseId} (${shareText(volume / of)})`);
    warnings.push(
      markup`<p><strong>${name}: part of the structure cannot be predicted in ${counted(unpredictable.length, 'case')}</strong>, as it lies outside the prepared image, the crop, what networks predict of it, or the mask. ΔV leaves this part out; a volume measured in the clinic would lack it: ${firstTen(cases)}.</p>`,
    );
  }
  if (vanished.length > 0) {
    warnings.push(
      markup`<p><strong>${name}: the whole structure vanished in resampling in ${counted(vanished.length, 'case')}</strong>: ${firstTen(vanished)}.</p>`,
    );
  }
  return warnings.length === 0 ? nothing : markup`<div class="warning">${warnings}</div>`;
}

/** `12.5 %`, or `< 0.1 %`. */
function shareText(share: number): string {
  return share < 0.001 ? '< 0.1 %' : `${percent(Number(share.toPrecision(3)))} %`;
}
