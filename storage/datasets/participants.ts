import { DomainError } from '../../domain/domain-error.js';
import { readCsv } from './csv.js';

/**
 * Reads a CSV file with the columns `case` and `participant` (in any order, others are ignored; quoted fields as in
 * RFC 4180) into a map from case id to participant. DATA_SET_INVALID, naming the line, for a missing column or entry
 * or a case that stands in it twice; FILE_UNREADABLE if it cannot be opened.
 */
export async function readParticipants(path: string): Promise<Map<string, string>> {
  const invalid = (reason: string): DomainError => new DomainError('DATA_SET_INVALID', `${path}: ${reason}`, { path });
  const [header, ...rows] = await readCsv(path);
  const columns = (header ?? []).map((name) => name.trim().toLowerCase());
  const [caseColumn, participantColumn] = [columns.indexOf('case'), columns.indexOf('participant')];
  if (caseColumn < 0 || participantColumn < 0) {
    throw invalid(`its first line is ${columns.join(',') || 'empty'}; expected the columns case and participant`);
  }
  const participants = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    const id = row[caseColumn]?.trim() ?? '';
    const participant = row[participantColumn]?.trim() ?? '';
    if (id === '' && participant === '' && row.length <= 1) continue; // an empty line
    if (id === '' || participant === '') throw invalid(`row ${index + 2} lacks its case or its participant`);
    if (participants.has(id)) throw invalid(`row ${index + 2} names case ${id} a second time`);
    participants.set(id, participant);
  }
  return participants;
}
