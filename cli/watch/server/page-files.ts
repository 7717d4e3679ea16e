import { extname, join } from 'node:path';

import { readStoredFile } from '../../../storage/files/stored-file.js';
import { packageFolder } from '../../../storage/machine/runtime-record.js';

/** A file that the server hands out, and what the browser may do with it. */
export interface PageFile {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly policy: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Files of the page. `''` stands for the page itself. */
const own = ['', 'watch.js', 'steps.js', 'matrix.js', 'losses.js', 'failures.js', 'elements.js', 'watch.css'];

/** Only what this server hands out itself; nothing in the page's text is a script or a style. */
export const ownPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A report is a stranger to the page: no scripts, no access to what else has this address. */
const reportPolicy =
  "sandbox allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Undefined for a name that the page has no file of. */
export async function ownFile(name: string): Promise<PageFile | undefined> {
  if (!own.includes(name)) return undefined;
  const file = name === '' ? 'index.html' : name;
  const bytes = await readStoredFile(join(packageFolder, 'cli', 'watch', 'page', file));
  return { bytes, type: types[extname(file)] ?? '', policy: ownPolicy };
}

/** A file of a report, by its bytes. */
export function reportFile(name: string, bytes: Uint8Array): PageFile {
  return { bytes, type: types[extname(name)] ?? 'text/plain; charset=utf-8', policy: reportPolicy };
}
