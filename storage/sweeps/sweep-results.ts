import { join } from 'node:path';

import { z } from 'zod';

import type { SweepResult } from '../../contracts/sweep.js';
import { artifactRef } from '../store/artifact-store.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import { checked, parsed } from '../files/parsed.js';
import type { DataFolder } from '../store/data-folder.js';
import type { LineageLog } from '../store/lineage-log.js';
import { refreshMirrored, writeMirrored } from '../store/shared/mirrored-files.js';
import { sweepFolder } from './sweep-records.js';
import { readStoredText } from '../files/stored-file.js';

const count = z.int().nonnegative();

/** The result of a sweep, as its workflow returns it and `result.json` stores it. */
export const sweepResult: z.ZodType<SweepResult> = z.object({
  outcome: z.enum(['complete', 'partial', 'failed']),
  report: artifactRef.nullable(),
  steps: z.array(
    z.object({
      step: z.string(),
      queue: z.enum(['data', 'training']).default('data'),
      total: count,
      cached: count,
      done: count,
      running: count,
      failed: count,
    }),
  ),
  failures: z.array(
    z.object({ unit: z.string(), kind: z.string(), message: z.string(), reason: z.string().exactOptional() }),
  ),
  blocked: count,
  held: count.default(0),
  stopping: count.default(0),
  repaired: z.array(z.string()).default([]),
});

/** Stores the result of a sweep's last run, for queries when no engine is running. */
export async function writeSweepResult(folder: DataFolder, id: string, result: SweepResult): Promise<void> {
  const text = JSON.stringify(checked(sweepResult, result, `the result of ${id}`), null, 2);
  await writeMirrored(folder, resultFile(folder, id), `${text}\n`);
}

/** The result of a sweep's last run; undefined if no run has ended. STORE_CORRUPT if the record is damaged. */
export async function readSweepResult(folder: DataFolder, id: string): Promise<SweepResult | undefined> {
  const file = resultFile(folder, id);
  await refreshMirrored(folder, file);
  const text = await readStoredText(file).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  return text === undefined
    ? undefined
    : parsed(sweepResult, text, file, "; run the sweep's config again to restore it");
}

/** Where the record of a sweep's result lies. */
export function resultFile(folder: DataFolder, id: string): string {
  return join(sweepFolder(folder, id), 'result.json');
}

/** Where the head of the lineage stands for a sweep's user. */
export function headFile(folder: DataFolder, id: string): string {
  return join(sweepFolder(folder, id), 'lineage-head.txt');
}

/**
 * Writes the head of the lineage beside the report, and returns it: whoever keeps it can prove that the log has not been
 * changed since. The report's page names the line that records the page.
 */
export async function writeLineageHead(folder: DataFolder, id: string, lineage: LineageLog): Promise<string> {
  const head = (await lineage.head()) ?? '';
  await writeFileAtomically(headFile(folder, id), `${head}\n`);
  return head;
}
