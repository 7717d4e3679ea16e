import type { ResultsDataSet } from '../../results/results.js';
import { warningLines } from '../../results/case-warnings.js';
import { counted, firstTen, formatBrief } from '../words/format-number.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { scrollArea } from './scroll-area.js';

/** The excluded faulty cases with reasons, and remarks on other cases; empty if there are none. */
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
      : markup`<div ${scrollArea('Excluded cases')}><table>
<caption>Faulty cases that were excluded as configured. They do not contribute to any number in this report.</caption>
<thead><tr><th class="text">Data set</th><th class="text">Case</th><th class="text">Reason</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
  return markup`<section><h2>Remarks on cases</h2>${warning}${table}</section>
`;
}

function notesOf({ name, excluded = [], warnings = [], preparation }: ResultsDataSet): Markup[] {
  const { foundCases, patched, patchedVoxels, aligned, outsideVoxels, sheared, largestShearDegrees } = preparation;
  const notes = warningLines(warnings).map((line) => markup`<p><strong>${name}</strong>: ${line}.</p>`);
  if (excluded.length > 0) {
    notes.push(
      markup`<p><strong>${name}: ${excluded.length} of ${counted(foundCases, 'case')} excluded</strong> as faulty, for the reasons below.</p>`,
    );
  }
  if (patched.length > 0) {
    notes.push(
      markup`<p><strong>${name}</strong>: ${counted(patchedVoxels, 'NaN or infinite voxel')} in ${counted(patched.length, 'case')} set to 0 (${firstTen(patched)}).</p>`,
    );
  }
  if (aligned.length > 0) {
    notes.push(
      markup`<p><strong>${name}</strong>: modalities of ${counted(aligned.length, 'case')} interpolated onto the first modality's grid (${firstTen(aligned)}); ${counted(outsideVoxels, 'voxel')} outside their fields of view set to 0.</p>`,
    );
  }
  if (sheared.length > 0) {
    notes.push(
      markup`<p><strong>${name}</strong>: the axes of ${counted(sheared.length, 'case')} are not perpendicular, by up to ${formatBrief(largestShearDegrees)}° (${firstTen(sheared)}). Resampled voxels keep these directions, and volumes are computed from their true size.</p>`,
    );
  }
  return notes;
}
