import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { withoutLineageLine } from '../../domain/report/page/lineage-line.js';
import { linesRecording, type LogInspection } from '../store/log-inspection.js';
import { readAt, sha256Of } from '../store/log-lines.js';
import { sha256OfFileSync } from '../files/sha256.js';
import type { DataFolder } from '../store/data-folder.js';
import { pageFile, reportFolder } from '../sweeps/report-copy.js';
import { headFile, readSweepResult } from '../sweeps/sweep-results.js';
import type { Finding } from './finding.js';
import { readManifest } from './stored-artifacts.js';
import { openStoredFile, readStoredText } from '../files/stored-file.js';

/** Files of a sweep's exported report that are not those of the store, and a head beside it that the log does not have. */
export async function verifyReportCopy(folder: DataFolder, id: string, log: LogInspection): Promise<Finding[]> {
  const report = (await readSweepResult(folder, id))?.report ?? undefined;
  const files = report === undefined ? undefined : (await readManifest(folder, report.digest))?.files;
  const findings: Finding[] = [];
  for (const [name, { digest }] of Object.entries(files ?? {})) {
    const path = join(reportFolder(folder, id), name);
    const problem = await problemOfCopy(
      path,
      digest,
      name === pageFile ? linesRecording(log, report?.digest ?? '') : undefined,
    );
    if (problem === undefined) continue;
    const nothing = { of: [], dependents: [], repairable: false };
    findings.push({ ...nothing, about: 'report', path: relative(folder.root, path), problem, sweeps: [id] });
  }
  const head = await readStoredText(headFile(folder, id)).catch(() => undefined);
  if (head !== undefined && !log.digests.includes(head.trim())) {
    const problem = 'no line of the log has this SHA-256';
    const nothing = { of: [], dependents: [], repairable: false };
    const path = relative(folder.root, headFile(folder, id));
    findings.push({ ...nothing, about: 'report', path, problem, sweeps: [id] });
  }
  return findings;
}

/** What is wrong with a copy; `lines` are the lines of the log of which the file must name one. */
async function problemOfCopy(
  path: string,
  digest: string,
  lines: readonly string[] | undefined,
): Promise<string | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return 'it is missing';
  const other = 'it is not the file that the sweep has made';
  if (!there.isFile()) return other;
  if (lines === undefined) return sha256OfFileSync(path) === digest ? undefined : other;
  const { page, sha256 } = withoutLineageLine(await readStoredText(path));
  if (sha256Of(Buffer.from(page)) !== digest) return other;
  return sha256 !== undefined && lines.includes(sha256)
    ? undefined
    : 'the line of the log that it names is not that of this report';
}

const digestBytes = 32;

/** Checkpoints that do not end with the SHA-256 of their other bytes. */
export async function verifyCheckpoints(folder: DataFolder): Promise<Finding[]> {
  const findings: Finding[] = [];
  const entries = await readdir(folder.checkpoints, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && /^checkpoint(\.previous)?\.bin$/.test(entry.name));
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    if (await endsWithDigest(path)) continue;
    const problem = 'it does not match its own SHA-256';
    const nothing = { of: [], dependents: [], sweeps: [], repairable: true };
    findings.push({ ...nothing, about: 'checkpoint', path: relative(folder.root, path), problem });
  }
  return findings;
}

async function endsWithDigest(path: string): Promise<boolean> {
  const file = await openStoredFile(path);
  try {
    const { size } = await file.stat();
    if (size <= digestBytes) return false;
    const digest = await readAt(file, size - digestBytes, digestBytes);
    return sha256OfFileSync(path, size - digestBytes) === digest.toString('hex');
  } finally {
    await file.close();
  }
}
