import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { phantomCaseId } from '../../../domain/phantom/phantom-structure.js';
import { writePhantom } from '../../../storage/datasets/write-phantom.js';

/** Ids that every format writes in a way of its own. */
const ids = ['Zoë "Z" Müller', "O'Neil, 1.2.840", 'a&b <c>', '=SUM(A1)', '患者 七', 'smith_1970-01-01'];

const phantom = {
  ...{ dimensions: 2 as const, cases: ids.length, shape: [27, 27], spacingMm: [1, 1, 1], bitDepth: 8 as const },
  ...{ coreRadius: 5, regions: 2, regionRadius: 3, probability: 0.6, noise: 0.05 },
};

export interface NamedPatients {
  readonly cases: readonly string[];
  readonly participants: readonly string[];
  /** What a config needs to read them. */
  readonly dataSet: Readonly<Record<string, unknown>>;
  /** A file with folds that name the cases. */
  readonly folds: string;
  readonly folder: string;
}

/** Writes a data set of pictures whose names, participants and folder would identify somebody. */
export async function writeNamedPatients(parent: string): Promise<NamedPatients> {
  const folder = join(parent, 'clinic of Dr Müller', 'pictures');
  await mkdir(join(parent, 'clinic of Dr Müller'));
  await writePhantom(folder, phantom, { seed: 1, name: 'flat' });
  for (const [index, id] of ids.entries()) {
    for (const kind of ['images', 'masks']) {
      await rename(join(folder, kind, `${phantomCaseId(index)}.png`), join(folder, kind, `${id}.png`));
    }
  }
  const participants = ids.map((_, index) => `Person "${index}" Ångström`);
  const table = join(parent, 'clinic of Dr Müller', 'participants.csv');
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = ids.map((id, index) => `${quoted(id)},${quoted(participants[index] ?? '')}`);
  await writeFile(table, ['case,participant', ...rows, ''].join('\n'));
  const folds = join(parent, 'clinic of Dr Müller', 'folds.json');
  await writeFile(folds, JSON.stringify([ids.slice(0, 3), ids.slice(3)]));
  return { cases: ids, participants, dataSet: { path: folder, images: join(folder, 'images'), participants: table }, folds, folder };
}
