import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { DataSetOrigin, Origins, TrainingOrigin, UnitOrigin } from '../origins.js';
import type { ReportInput } from '../report-input.js';
import { counted } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import { shortKey } from '../words/trace-words.js';
import { lineagePlace } from './copied-page.js';
import { scrollArea } from './scroll-area.js';

/** The units behind the numbers of the page, with their keys and digests, and how to trace and verify them. */
export function originsSection({ sweepId, origins, partial }: ReportInput): Markup {
  const { trainings } = origins;
  const how = partial === undefined ? howToTrace(sweepId) : nothing;
  return markup`<section id="origins"><h2>Where these numbers come from</h2>
${how}
${trainings.length > 0 ? armTable(trainings) : nothing}
<details><summary>All keys and digests</summary>${sharedTable(origins)}${trainings.length > 0 ? trainingTable(trainings) : nothing}</details></section>`;
}

function howToTrace(sweepId: string): Markup {
  return markup`<p>Point at a number of the tables or a mark of the figures to see the command that traces it to the images: <code>volbias trace ${sweepId} DATASET.MODEL.LOSS.MEASURE</code>, followed by <code>.CASE</code> for a single case. Units, such as <code>"train DATASET/MODEL/LOSS/fold-0"</code>, and files, such as <code>report.html</code>, are traced by their names. A key is the SHA-256 of everything that a unit’s work depends on (of a scan, all but the files, which the digest of its result stands for), a digest that of its result; tooltips show the first twelve digits of keys.</p>
<p><code>volbias verify ${sweepId} --deep</code> compares every stored byte, and the images, with these digests. The record of this work is a log in which each line names the SHA-256 of the one before. The SHA-256 of the line that records this page: ${lineagePlace}. With it, <code>volbias verify --head</code> shows that nothing up to there has changed since.</p>`;
}

/** For each arm, the evaluations that its numbers are from. */
function armTable(trainings: readonly TrainingOrigin[]): Markup {
  const arms = new Map<string, TrainingOrigin[]>();
  for (const training of trainings) {
    const name = JSON.stringify([training.dataSet, training.model, training.loss]);
    arms.set(name, [...(arms.get(name) ?? []), training]);
  }
  const rows = [...arms.values()].map((own) => {
    const [{ dataSet, model, loss }] = own as [TrainingOrigin]; // no arm is without trainings
    const keys = own.map(({ fold, repeat, evaluation, training }, position) => {
      const place = repeat === 0 ? `${fold}` : `${fold}, repeat ${repeat}`;
      return markup`${position === 0 ? '' : ' · '}${place}: <code>${shortKey(evaluation.key)}</code> (${training.bestEpoch})`;
    });
    return markup`<tr><td class="text wrap">${dataSet}</td><td class="text">${modelLabel(model)} ${lossShort(loss)}</td><td class="text wrap">${keys}</td></tr>
`;
  });
  return markup`<div ${scrollArea('Evaluations')}><table>
<caption>The evaluations that each arm’s numbers are from: fold, beginning of the key, and the chosen epoch of the network in parentheses.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Arm</th><th class="text" scope="col">Evaluations</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function sharedTable({ specification, dataSets }: Origins): Markup {
  const bodies = dataSets.map(({ files, units }: DataSetOrigin) => {
    const rows = units.map((origin) => {
      const note = origin.unit.startsWith('scan ') ? ` (lists the SHA-256 of ${counted(files, 'file')})` : '';
      return unitRow(origin, note);
    });
    return markup`<tbody>${rows}</tbody>
`;
  });
  return markup`<div ${scrollArea('Config, data and tests')}><table>
<caption>Config, data and tests.</caption>
${unitHeadings}
<tbody><tr><td class="text wrap">specification</td><td></td><td class="text wrap"><code>${specification}</code></td></tr></tbody>
${bodies}</table></div>`;
}

function trainingTable(trainings: readonly TrainingOrigin[]): Markup {
  const rows = trainings.map(
    ({ evaluation, training }) =>
      markup`${unitRow(training, ` (epoch ${training.bestEpoch})`)}${unitRow(evaluation, '')}`,
  );
  return markup`<div ${scrollArea('Trainings and evaluations')}><table>
<caption>Trainings and evaluations.</caption>
${unitHeadings}
<tbody>${rows}</tbody></table></div>`;
}

const unitHeadings = markup`<thead><tr><th class="text" scope="col">Unit</th><th class="text" scope="col">Key</th><th class="text" scope="col">Digest of the result</th></tr></thead>`;

function unitRow({ unit, key, digest }: UnitOrigin, note: string): Markup {
  return markup`<tr><td class="text wrap">${unit}${note}</td><td class="text wrap"><code>${key}</code></td><td class="text wrap"><code>${digest}</code></td></tr>
`;
}
