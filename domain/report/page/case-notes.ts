import type { ResultsDataSet } from '../../results/results.js';
import { counted, firstTen } from '../words/format-number.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';

/** The cases that were left out as faulty and why, and what is to be known of others; nothing if there is nothing. */
export function caseNotes(dataSets: readonly ResultsDataSet[]): Markup {
  const notes = dataSets.flatMap(notesOf);
  const rows = dataSets.flatMap(({ name, excluded = [] }) =>
    excluded.map(
      ({ caseId, reason }) =>
        markup`<tr><th class="text name">${name}</th><td class="text wrap">${caseId}</td><td class="text wrap">${reason}</td></tr>`,
    ),
  );
  if (notes.length === 0 && rows.length === 0) return nothing;
  const warning = notes.length === 0 ? nothing : markup`<div class="warning">${notes}</div>`;
  const table =
    rows.length === 0
      ? nothing
      : markup`<div class="scroll"><table>
<caption>Faulty cases that were left out, as the config says: they count in no number of this report.</caption>
<thead><tr><th class="text">Data set</th><th class="text">Case</th><th class="text">Reason</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
  return markup`<section id="cases"><h2>Remarks on cases</h2>${warning}${table}</section>
`;
}

function notesOf({ name, excluded = [], warnings = [], preparation }: ResultsDataSet): Markup[] {
  const { foundCases, patched, patchedVoxels } = preparation;
  const notes = warnings.map(
    ({ warning, cases: ids }) => markup`<p><strong>${name}</strong>: ${warning} (${firstTen(ids)}).</p>`,
  );
  if (excluded.length > 0) {
    notes.push(
      markup`<p><strong>${name}: ${counted(excluded.length, 'case')} of ${foundCases} left out</strong> as faulty; the reasons are below.</p>`,
    );
  }
  if (patched.length > 0) {
    notes.push(
      markup`<p><strong>${name}</strong>: ${counted(patchedVoxels, 'voxel')} of ${counted(patched.length, 'case')} were NaN or infinite and became 0 (${firstTen(patched)}).</p>`,
    );
  }
  return notes;
}
