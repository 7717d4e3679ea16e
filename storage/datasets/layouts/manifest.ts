import { resolve } from 'node:path';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { readCsv } from '../csv.js';
import { DataSetFolder } from '../data-set-folder.js';
import { columnAt, missingColumnText } from './manifest-columns.js';

/**
 * A list of files: `manifest.csv` with the columns `case`, `label`, one for each modality under its name, and
 * optionally `participant`, in any capitals; other columns are ignored. Commas, semicolons or tabs separate them. Paths are absolute, or relative to the manifest's folder. Images are 3-D NIfTI files or pictures, one for each modality.
 */
export const findManifestCases: FindCases = async (root, options) => {
  const folder = await DataSetFolder.open(root);
  const [header = [], ...rows] = await readCsv(resolve(root, 'manifest.csv'));
  const names = header.map((name) => name.trim());
  const missing = ['case', 'label', ...options.modalities].filter((name) => columnAt(names, name) < 0);
  if (missing.length > 0) {
    const wanted = missing.map((name) => missingColumnText(name, names)).join(', ');
    throw dataSetInvalid(root, `manifest.csv has no column ${wanted}; it has ${names.join(', ') || 'none'}`);
  }
  const used = ['case', 'label', 'participant', ...options.modalities];
  const repeated = used.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (repeated.length > 0) {
    throw dataSetInvalid(root, `manifest.csv has more than one column ${repeated.join(', ')}; keep one of each name`);
  }
  const collection = new CaseCollection(folder, options);
  for (const [index, row] of rows.entries()) {
    const field = (name: string): string => row[columnAt(names, name)]?.trim() ?? '';
    if (row.every((text) => text.trim() === '')) continue;
    const lookedFor = (name: string): string => `column ${name} of row ${index + 2} in manifest.csv`;
    const file = (name: string) => ({
      path: field(name) === '' ? undefined : resolve(root, field(name)),
      lookedFor: lookedFor(name),
    });
    if (row.slice(names.length).some((text) => text.trim() !== '')) {
      const cells = `${row.length} cells for ${names.length} columns`;
      collection.reject(
        field('case'),
        `row ${index + 2} of manifest.csv has ${cells}; a path with a comma needs quotes`,
      );
      continue;
    }
    const participant = columnAt(names, 'participant') >= 0 ? field('participant') : undefined;
    if (participant === '') {
      collection.reject(field('case'), `missing: ${lookedFor('participant')}`);
      continue;
    }
    await collection.offer({
      id: field('case'),
      images: options.modalities.map((modality) => ({ modality, ...file(modality) })),
      label: file('label'),
      ...(participant !== undefined && { participant }),
    });
  }
  return collection.finish('rows of manifest.csv');
};
