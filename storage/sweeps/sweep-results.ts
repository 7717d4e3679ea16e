import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { SweepResult } from '../../contracts/sweep.js';
import { artifactRef, type ArtifactStore } from '../store/artifact-store.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { parsed } from '../files/parsed.js';
import type { DataFolder } from '../store/data-folder.js';
import type { LineageLog } from '../store/lineage-log.js';
import { sweepFolder } from './sweep-records.js';

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
  repaired: z.array(z.string()).default([]),
});

/** Stores the result of a sweep's last run, for queries when no engine is running. */
export async function writeSweepResult(folder: DataFolder, id: string, result: SweepResult): Promise<void> {
  await writeFileAtomically(join(sweepFolder(folder, id), 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** The result of a sweep's last run; undefined if no run has ended, or if the record is damaged. */
export async function readSweepResult(folder: DataFolder, id: string): Promise<SweepResult | undefined> {
  const text = await readFile(join(sweepFolder(folder, id), 'result.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : resultOf(text);
}

function resultOf(text: string): SweepResult | undefined {
  try {
    return parsed(sweepResult, text, 'result.json');
  } catch {
    return undefined;
  }
}

/** Copies the report's files from the store to the sweep's folder, and returns the path of the copy. */
export async function exportReport(
  folder: DataFolder,
  store: ArtifactStore,
  id: string,
  report: ArtifactRef,
): Promise<string> {
  const target = join(sweepFolder(folder, id), 'report');
  const manifest = await store.manifest(report.digest);
  for (const name of Object.keys(manifest.files)) {
    await writeFileAtomically(join(target, name), await store.readFile(manifest, name));
  }
  return target;
}

/**
 * Writes the head of the lineage beside the report, and returns it: whoever keeps it can prove that the log has not been
 * changed since. It is not in the report, whose bytes depend on nothing but the results.
 */
export async function writeLineageHead(folder: DataFolder, id: string, lineage: LineageLog): Promise<string> {
  const head = (await lineage.head()) ?? '';
  await writeFileAtomically(join(sweepFolder(folder, id), 'lineage-head.txt'), `${head}\n`);
  return head;
}
