import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { copiedPage, storedPage } from '../../domain/report/page/copied-page.js';
import { linesRecording, type LogInspection } from '../store/log-inspection.js';
import { readAt, sha256Of } from '../store/log-lines.js';
import { sha256OfFileSync } from '../files/sha256.js';
import type { DataFolder } from '../store/data-folder.js';
import { makingOfReport } from '../sweeps/making-of-report.js';
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
    const ofPage = name === pageFile ? { log, lines: linesRecording(log, report?.digest ?? '') } : undefined;
    const problem = await problemOfCopy(path, digest, ofPage);
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

/** What is wrong with a copy. That of the page repeats what the log says of it: it names one of these `lines`. */
async function problemOfCopy(
  path: string,
  digest: string,
  ofPage: { readonly log: LogInspection; readonly lines: readonly string[] } | undefined,
): Promise<string | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return 'it is missing';
  const other = 'it is not the file that the sweep has made';
  if (!there.isFile()) return other;
  if (ofPage === undefined) return sha256OfFileSync(path) === digest ? undefined : other;
  const copy = await readStoredText(path);
  const { page, line } = storedPage(copy);
  if (sha256Of(Buffer.from(page)) !== digest) return other;
  if (line === undefined || !ofPage.lines.includes(line)) {
    return 'the line of the log that it names is not that of this report';
  }
  const making = makingOfReport(ofPage.log, line);
  return copiedPage(page, { line, making }) === copy ? undefined : 'it does not say what the log says of its making';
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
