import { unitLabel } from '../../evaluate/voxel-size.js';
import type { Results, ResultsDataSet } from '../../results/results.js';
import { markMeanings, sampleBox, type MarkMeaning } from '../figures/mark-meanings.js';
import type { Machine, ReportInput } from '../report-input.js';
import { findingText } from '../words/finding-text.js';
import { counted } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { scrollArea } from './scroll-area.js';

/** One card per data set. */
export function findingCards(results: Results): Markup {
  const cards = results.dataSets.map((dataSet) => {
    const { arms, biased, equivalent } = dataSet.verdict;
    // No significant bias is no sign of none: only the equivalence test of every loss is.
    const isUnbiased = arms.length > 0 && equivalent.length === arms.length;
    const kind = biased.length > 0 ? 'biased' : isUnbiased ? 'unbiased' : '';
    const { badge, sentence, remarks } = findingText(dataSet, results);
    const items = remarks.map((remark) => markup`<li>${tied(remark)}</li>`);
    return markup`<article class="finding ${kind}"><h3>${dataSet.name} <span class="badge">${badge}</span></h3>
<p>${tied(sentence)}</p>${items.length > 0 ? markup`<ul>${items}</ul>` : nothing}</article>
`;
  });
  return markup`<section><h2>Findings by data set</h2><div class="findings">${cards}</div></section>`;
}

/** The text with non-breaking spaces between a number and its unit or operator. */
export function tied(text: string): string {
  return text
    .replace(/(\bp) ([=<]) (?=\d)/g, '$1\u00a0$2\u00a0')
    .replace(/(?<=[\d·]) (?=%|ml|·|10²|px)/g, '\u00a0')
    .replace('² px', '²\u00a0px');
}

/** The legend of a figure's marks. */
export function figureLegend(
  losses: readonly string[],
  options: { readonly interval?: string; readonly withTheory?: boolean },
): Markup {
  return legendList(markMeanings(losses, options));
}

/** Marks and their meanings. */
export function legendList(meanings: readonly MarkMeaning[]): Markup {
  const items = meanings.map(
    ({ sample, text }) =>
      markup`<li><svg viewBox="0 0 ${sampleBox.width} ${sampleBox.height}" aria-hidden="true">${sample}</svg>${text}</li>`,
  );
  return markup`<ul class="legend">${items}</ul>`;
}

/** Lists gaps near the top of the page, so that a partial table is not mistaken for a complete one. */
export function gapsWarning({ gaps, repeats }: Results): Markup {
  if (gaps.length === 0) return nothing;
  return markup`<div class="warning"><p><strong>Incomplete: ${counted(gaps.length, 'training')} without results.</strong> Means marked † include fewer cases${repeats > 1 ? ' or repeats' : ''}; comparisons between losses use only the cases${repeats > 1 ? ' and repeats' : ''} that both have. <a href="#gaps">Reasons and how to rerun</a></p></div>`;
}

/** A reason names each faulty case on a line of its own. */
function linesOf(text: string): Markup[] {
  return text.split('\n').map((line, index) => (index === 0 ? markup`${line}` : markup`<br>${line}`));
}

export function gapsSection(
  { gaps, repeats }: Results,
  { rerunCommand, remedies = [] }: Pick<ReportInput, 'rerunCommand' | 'remedies'>,
): Markup {
  if (gaps.length === 0) return nothing;
  const rows = gaps.map(
    (gap) =>
      markup`<tr><td class="text wrap">${gap.dataSet}</td><td class="text">${modelLabel(gap.model)}</td><td class="text">${lossShort(gap.loss)}</td><td>${gap.fold}</td>${repeats > 1 ? markup`<td>${gap.repeat}</td>` : nothing}<td class="text wrap">${linesOf(gap.reason)}</td></tr>`,
  );
  const command =
    rerunCommand === undefined
      ? nothing
      : markup`<p>To compute the missing ${repeats > 1 ? 'trainings' : 'folds'}: <code>${rerunCommand}</code></p>`;
  return markup`<section id="gaps"><h2>Gaps</h2><div ${scrollArea('Gaps')}><table>
<thead><tr><th class="text">Data set</th><th class="text">Model</th><th class="text">Loss</th><th>Fold</th>${repeats > 1 ? markup`<th>Repeat</th>` : nothing}<th class="text">Reason</th></tr></thead>
<tbody>${rows}</tbody></table></div>${remedies.map((remedy) => markup`<p>${remedy}</p>`)}${command}</section>`;
}

/** The machines that the numbers depend on. */
export function machinesFooter({ sweepId, machines, config }: ReportInput): Markup {
  const facts = machines.map(
    (machine) =>
      markup`<tbody><tr><th class="text wrap" colspan="2">${madeOn(machine)}</th></tr>${machine.facts.map(
        ({ name, value }) => markup`<tr><td class="text wrap">${name}</td><td class="text wrap">${value}</td></tr>`,
      )}</tbody>`,
  );
  const units = [...new Set(config.dataSets.map(({ name }) => name))].length;
  return markup`<footer><p>Sweep <code>${sweepId}</code>, ${counted(units, 'data set')}. Apart from “How it was made” and the line of the log, which a sweep’s copy adds, this page follows from the results <a href="#origins">named above</a> and from the record of the machines that made them: if these are equal, so are its bytes.</p>
<table>${facts}</table></footer>`;
}

/** `Computed here: 24 × train, 24 × evaluate`. */
function madeOn({ made }: Machine): string {
  return `Computed here: ${made.map(({ step, units }) => `${units} × ${step}`).join(', ')}`;
}

/** The units of the data sets, for a figure's caption: `ml` or `ml and 10² px`. */
export function unitsOf(dataSets: readonly ResultsDataSet[]): string {
  return [...new Set(dataSets.map((dataSet) => unitLabel(dataSet.unit)))].join(' and ');
}
