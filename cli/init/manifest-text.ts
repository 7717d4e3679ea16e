import { relative } from 'node:path';

import type { CaseFolder } from '../../storage/datasets/survey/case-folders.js';

/**
 * manifest.csv for cases in folders of their own, with absolute paths, or with paths relative to `from`. A file that a case lacks is an
 * empty cell, which the layout reports.
 */
export function manifestText(
  cases: readonly CaseFolder[],
  modalities: readonly string[],
  from: string | undefined,
): string {
  const shown = (path: string | undefined): string =>
    path === undefined || from === undefined ? (path ?? '') : relative(from, path);
  const rows = cases.map(({ id, images, label }) => [
    id,
    ...modalities.map((modality) => shown(images.get(modality))),
    shown(label),
  ]);
  return [['case', ...modalities, 'label'], ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(text: string): string {
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
