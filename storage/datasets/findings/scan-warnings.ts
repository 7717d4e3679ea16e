import { CaseWarnings, type CaseWarning } from '../../../domain/results/case-warnings.js';
import type { DataSetLocation } from '../../sweeps/sweep-records.js';
import type { CaseFiles } from '../case-files.js';
import { readParticipants } from '../participants.js';
import type { ScannedCase } from '../scan-cases.js';
import type { Finding } from './finding.js';
import { nameFindings } from './name-findings.js';
import { participantFindings } from './participant-findings.js';
import { contentOfFiles, repeatedMasks } from './repeated-images.js';

/** What a user should know of a data set's names and digests. Opens no image: a scan runs each time. */
export async function scanWarnings(
  found: readonly CaseFiles[],
  scanned: readonly ScannedCase[],
  { location, rejected }: { readonly location: DataSetLocation; readonly rejected: readonly string[] },
): Promise<CaseWarning[]> {
  const known = [...found.map(({ id }) => id), ...rejected];
  const participants = found.map(({ participant }) => participant);
  const listed = location.participants === undefined ? undefined : await readParticipants(location.participants);
  const findings: Finding[] = [
    ...repeatedMasks(
      scanned.map(({ id, label, labelOutlines }) => ({
        ...{ id, labelOutlines },
        content: contentOfFiles([label, ...(label.companions ?? [])]),
      })),
    ),
    ...nameFindings(known, participants),
    ...participantFindings(found, { known, listed }),
  ];
  const warnings = locationWarnings(found);
  for (const { message, case: id } of findings) warnings.add(message, ...(id === undefined ? [] : [id]));
  return warnings.list();
}

/** Without the places, which are no part of the data set's content. */
export const outsideWarning = "files outside the data set's folder are used";

/** What finding the files told. */
export function locationWarnings(found: readonly CaseFiles[]): CaseWarnings {
  const warnings = new CaseWarnings();
  for (const { id, warning, dataSetWarning, outside } of found) {
    if (dataSetWarning !== undefined) warnings.add(dataSetWarning);
    if (warning !== undefined) warnings.add(warning, id);
    if (outside !== undefined) warnings.add(outsideWarning, id);
  }
  return warnings;
}
