import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { reorientedGrid, reorientInto } from '../../../domain/image/axis-order.js';
import type { LabelMap, ScalarImage } from '../../../domain/image/grid.js';
import { runCommandLine, type CommandLineResult } from '../command-line.js';
import { temporaryFolder } from '../temporary-folder.js';
import { gridOf, labelOf } from './image-fixtures.js';

type Scores = Readonly<Record<string, number | string | null>>;

/** What `volbias evaluate --json` prints. */
export interface Evaluation {
  readonly cases: readonly Scores[];
  readonly means: Scores;
  readonly casesWithout: Scores;
  readonly tests: Readonly<Record<string, Scores & { readonly conditional: { readonly interval: unknown } }>> | null;
  readonly bootstrap: Scores;
  readonly refused: readonly { readonly case: string; readonly reason: string }[];
  readonly unmatched: { readonly predictions: readonly string[]; readonly truths: readonly string[] };
}

export function evaluate(prediction: string, truth: string, ...more: readonly string[]): Promise<CommandLineResult> {
  return runCommandLine(['evaluate', '--prediction', prediction, '--truth', truth, ...more]);
}

export async function write(path: string, { grid, values }: LabelMap | ScalarImage): Promise<string> {
  const bytes = encodeNifti({ grid, values });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, path.endsWith('.gz') ? gzipSync(bytes) : bytes);
  return path;
}

export const grid = gridOf([6, 5, 4], [1, 2, 3]);
export const truth = labelOf(grid, (x, y, z) => x > 1 && y > 1 && z > 1);
export const prediction = labelOf(grid, (x, y, z) => x > 2 && y > 1 && z > 1);

/** The same image with its axes in another order and direction. */
function turned({ grid: own, values }: LabelMap): LabelMap {
  const order = { from: [2, 0, 1], flip: [true, false, true] } as const;
  const target = new Uint8Array(values.length);
  reorientInto(target, values, own.shape, order);
  return { grid: reorientedGrid(own, order), values: target };
}

/** Folders with the cases a and b; the prediction of b has other axes, and another format. */
export async function folders(test: TestContext): Promise<{ predictions: string; truths: string }> {
  const folder = await temporaryFolder(test);
  const [predictions, truths] = [join(folder, 'predictions'), join(folder, 'truths')];
  await write(join(predictions, 'a.nii.gz'), prediction);
  await write(join(truths, 'a.nii'), truth);
  await write(join(predictions, 'b.nii'), turned(truth));
  await write(join(truths, 'b.nii.gz'), truth);
  return { predictions, truths };
}
