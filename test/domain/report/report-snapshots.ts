import { join } from 'node:path';

import { reportFiles } from '../../../domain/report/report-files.js';
import { repositoryRoot } from '../../support/paths.js';
import { completeReportInput } from './complete-report-input.js';

export const snapshotFolder = join(repositoryRoot, 'test', 'domain', 'report', 'snapshots');

/** The page and the figures of the synthetic report, by file name. */
export function reportSnapshots(): Map<string, string> {
  const files = Object.entries(reportFiles(completeReportInput()));
  return new Map(files.filter(([name]) => name === 'report.html' || name.endsWith('.svg')));
}
