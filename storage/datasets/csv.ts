import { CsvError, parse } from 'csv-parse/sync';
import { DomainError } from '../../domain/domain-error.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';

/**
 * The rows of a CSV file (RFC 4180 in UTF-8, with or without quotes, any line endings). Where the first line has no comma,
 * semicolons or tabs separate, as in spreadsheets of countries with decimal commas. Rows may differ in their number
 * of fields; an empty line is a row with one empty field. A byte order mark, which spreadsheets write, is skipped.
 * FILE_UNREADABLE, or DATA_SET_INVALID if the file is not UTF-8, and with the row of a misplaced quote.
 */
export async function readCsv(path: string): Promise<string[][]> {
  const text = textOf(await readOrdinaryFile(path), path);
  try {
    const delimiter = delimiterOf(text);
    return parse(text, { bom: true, delimiter, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Rows, not lines: csv-parse counts CR LF inside quotes as two lines.
    const row = Number(error.records) + 1;
    const reason = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'opens a quote that is never closed' : 'has a stray quote';
    throw new DomainError('DATA_SET_INVALID', `${path}: row ${row} ${reason}`, { path });
  }
}

function delimiterOf(text: string): string {
  const [header = ''] = text.split(/[\r\n]/, 1);
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  return [',', ';', '\t'].find((one) => unquoted.includes(one)) ?? ',';
}

/** Other encodings would change letters of the ids, and so divide or unite participants. */
function textOf(bytes: Uint8Array, path: string): string {
  try {
    // UTF-16 of plain letters is UTF-8 too, with a null beside each.
    if (!bytes.subarray(0, 2).includes(0)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // told below
  }
  throw new DomainError('DATA_SET_INVALID', `${path}: it is not UTF-8; save it as "CSV UTF-8"`, { path });
}
