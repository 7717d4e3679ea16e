import { readFile } from 'node:fs/promises';
import { DomainError } from '../../domain/domain-error.js';
import { fileError } from '../files/file-errors.js';

/** The rows of a CSV file (RFC 4180, fields quoted or not); FILE_UNREADABLE, or DATA_SET_INVALID for a stray quote. */
export async function readCsv(path: string): Promise<string[][]> {
  return parseCsv(await readText(path));
}

async function readText(path: string): Promise<string> {
  try {
    // A byte order mark, which spreadsheets write, is not part of the first column's name.
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw fileError(path, error);
  }
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // One field and what ends it: quoted (with "" for a quote) or plain; comma, line end or the end of the text.
  const field = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r?\n|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null)
      throw new DomainError('DATA_SET_INVALID', `line ${rows.length + 1} of the CSV text has a stray quote`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] !== ',') {
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) rows.push([...row, '']);
  return rows;
}
