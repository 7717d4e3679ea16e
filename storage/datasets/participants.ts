import { DomainError } from '../../domain/domain-error.js';
import { readCsv } from './csv.js';

/**
 * Reads a CSV file with the columns `case` and `participant` (in any order; other columns are ignored; quotes as in
 * RFC 4180) into a map from case id to participant. DATA_SET_INVALID, naming the row, for a missing or repeated column, a
 * missing entry, cells beyond the columns and a repeated case; FILE_UNREADABLE if the file cannot be opened.
 */
export async function readParticipants(path: string): Promise<Map<string, string>> {
  const invalid = (reason: string): DomainError => new DomainError('DATA_SET_INVALID', `${path}: ${reason}`, { path });
  const [header, ...rows] = await readCsv(path);
  const columns = (header ?? []).map((name) => name.trim().toLowerCase());
  const [caseColumn, participantColumn] = [columns.indexOf('case'), columns.indexOf('participant')];
  if (caseColumn < 0 || participantColumn < 0) {
    throw invalid(`its first line is ${columns.join(',') || 'empty'}; expected the columns case and participant`);
  }
  const repeated = ['case', 'participant'].filter((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (repeated.length > 0) throw invalid(`it has more than one column ${repeated.join(', ')}; keep one of each name`);
  const participants = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    const id = row[caseColumn]?.trim() ?? '';
    const participant = row[participantColumn]?.trim() ?? '';
    if (id === '' && participant === '' && row.length <= 1) continue; // an empty line
    if (row.slice(columns.length).some((text) => text.trim() !== '')) {
      const cells = `${row.length} cells for ${columns.length} columns`;
      throw invalid(`row ${index + 2} has ${cells}; a name with a comma needs quotes`);
    }
    if (id === '' || participant === '') throw invalid(`row ${index + 2} has no case or no participant`);
    if (participants.has(id)) throw invalid(`row ${index + 2} repeats case ${id}`);
    participants.set(id, participant);
  }
  return participants;
}
