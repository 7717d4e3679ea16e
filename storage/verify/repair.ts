import { join } from 'node:path';

import { operatorName } from '../machine/operator.js';
import type { DataFolder } from '../store/data-folder.js';
import type { LineageLog } from '../store/lineage-log.js';
import type { LogInspection } from '../store/log-inspection.js';
import { putAside } from '../store/quarantine.js';
import type { Finding } from './finding.js';

/**
 * Moves damaged files to the quarantine, so that the next run makes them again, and acknowledges the damaged lines of the
 * log, which no longer count. Nothing is deleted.
 */
export async function repair(
  folder: DataFolder,
  {
    lineage,
    log,
    findings,
  }: { readonly lineage: LineageLog; readonly log: LogInspection; readonly findings: readonly Finding[] },
): Promise<void> {
  const lines = log.damages.map(({ line, sha256 }) => ({ line, sha256 }));
  if (lines.length > 0) await lineage.append('repair', { lines, operator: operatorName() });
  for (const { about, path, indexRecords = [], repairable } of findings) {
    if (!repairable || about === 'log') continue;
    for (const one of [path, ...indexRecords]) await putAside(folder, join(folder.root, one));
  }
}
