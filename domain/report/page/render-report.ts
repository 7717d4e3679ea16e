import { inlineSvg } from '../../figures/figure.js';
import { biasFigure } from '../figures/bias-figure.js';
import { caseFigure } from '../figures/case-figure.js';
import type { ReportInput } from '../report-input.js';
import { overallFinding } from '../words/finding-text.js';
import { percent } from '../words/format-number.js';
import { gridLabel } from '../words/labels.js';
import { methodsOf } from '../words/methods.js';
import { seenWords } from '../words/seen-words.js';
import { noTraceWords, traceWords } from '../words/trace-words.js';
import { agreementSection } from './agreement-section.js';
import { biasTableMarkup } from './bias-table.js';
import { calibrationSection } from './calibration-section.js';
import { caseNotes } from './case-notes.js';
import { caseTables } from './case-table.js';
import { collapseWarning } from './collapse-warning.js';
import { makingSection } from './copied-page.js';
import { gallerySection, galleryTeaser } from './gallery-section.js';
import { htmlPage } from './html-page.js';
import { learningSection } from './learning-section.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { otherGridTable } from './other-grid-table.js';
import { otherMetricsSection } from './other-metrics-section.js';
import { lockNotice } from './lock-notice.js';
import { originsSection } from './origins-section.js';
import { table1Switch } from './paper-table.js';
import { partialNotice } from './partial-notice.js';
import { qualitySection } from './quality-section.js';
import { figureLegend, findingCards, gapsSection, gapsWarning, machinesFooter, tied, unitsOf } from './sections.js';
import { table1Markup } from './table1-markup.js';
import { scrollArea } from './scroll-area.js';

/**
 * The report as one HTML page without scripts or external resources; equal input gives equal bytes. The order is:
 * findings in words derived from the tests with pictures of a case, figure, Table 1, pictures of more cases, further tables and figures,
 * effect of preprocessing, gaps, methods, what was used, origins, machines.
 */
export function renderReport(input: ReportInput): string {
  const { results, gallery } = input;
  const { dataSets, losses } = results;
  const withTheory = results.source.theory.length > 0;
  const trace = input.partial === undefined ? traceWords(input.sweepId, input.origins) : noTraceWords;
  const interval = `${percent(results.confidence)} %`;
  const body = markup`<header>${partialNotice(input.partial)}<h1>${input.title}</h1>
<div class="overall">${overallFinding(results).map((sentence) => markup`<p>${tied(sentence)}</p>`)}</div>
${galleryTeaser(gallery, results, trace)}
${introduction(withTheory)}</header>
<main>${lockNotice(input.lock)}${gapsWarning(results)}${collapseWarning(results)}
${findingCards(results)}
<section><h2>${withTheory ? 'Measured and predicted volume error' : 'Volume error'}</h2>
${figureLegend(losses, { interval, withTheory })}
<figure><div ${scrollArea('Figure 1')}>${inlineSvg(biasFigure(results, trace))}</div>
<figcaption>Figure 1. Mean volume error ΔV = predicted − true volume (${unitsOf(dataSets)}) on the ${gridLabel(results.grid)}. Each panel has its own scale. ▲ ▼: significantly above or below 0.</figcaption></figure></section>
<section><h2>Table 1</h2>${table1Switch(table1Markup(results, trace), results, trace)}</section>
${gallerySection(gallery, results, trace)}
<section><h2>Volume errors in detail</h2>${biasTableMarkup(results, trace)}</section>
<section><h2>On the other grid</h2>${otherGridTable(results, trace)}</section>
<section><h2>Individual cases</h2>${figureLegend(losses, {})}
<figure><div ${scrollArea('Figure 2')}>${inlineSvg(caseFigure(results, trace))}</div>
<figcaption>Figure 2. Volume error of each case against its true volume, on the ${gridLabel(results.grid)}; dashed lines mark the means.${results.repeats > 1 ? ' Dots are means over the repeats.' : ''} Each panel has its own scales. A slope indicates that the bias depends on the size of the structure.${seenWords(results)}</figcaption></figure>
${caseTables(results, trace)}</section>
${agreementSection(results, trace)}
${calibrationSection(results, trace)}
${otherMetricsSection(results, input.config.evaluation.surfaceToleranceMm, trace)}
${learningSection(input, trace)}
${caseNotes(dataSets)}${qualitySection(dataSets, trace)}
${gapsSection(results, input)}
${methodsSection(input)}
${input.partial === undefined ? makingSection : nothing}
${originsSection(input)}</main>
${machinesFooter(input)}`;
  return htmlPage(input.title, body);
}

function introduction(withTheory: boolean): Markup {
  const theory = withTheory
    ? ' Where the uncertainty is known, the report also gives the volume error that theory predicts for a perfect learner on the same cases.'
    : '';
  return markup`<p>Cross-entropy (CE) and soft Dice (SD) are the standard losses for training segmentation networks. Soft Dice tends to yield better overlap, but in uncertain regions it favours including or excluding the whole region, so volumes can be too large or too small on average (Bertels, Robben, Vandermeulen, Suetens, 2019). This report compares the same networks trained with each loss and tests whether the mean volume error ΔV = predicted − true volume on held-out cases differs from zero. Predicted volumes are <em>soft</em>: the sum of the probabilities. The <em>hard</em> volume, that of the mask of probabilities above the threshold, is another matter: also with cross-entropy it can be biased, for a region with a probability of 0.6 counts as a whole.${theory}</p>`;
}

function methodsSection(input: ReportInput): Markup {
  const items = methodsOf(input).map(({ heading, text }) => markup`<dt>${heading}</dt><dd>${text}</dd>`);
  return markup`<section><h2>Methods</h2><dl>${items}</dl>
<details><summary>All settings</summary><pre>${JSON.stringify(input.config, null, 2)}</pre></details></section>`;
}
