import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after } from 'node:test';
import { findCases, type DataSetKind } from '../../../storage/datasets/layouts/index.js';

/** A folder for the trees of this test file; removed at its end. */
export const top = mkdtempSync(join(tmpdir(), 'volbias-datasets-'));
after(() => {
  rmSync(top, { recursive: true });
});
let folders = 0;

/** A folder with these files; layouts look at names only, so the files are empty unless they are JSON. */
export function tree(...files: readonly (string | readonly [string, unknown])[]): string {
  const root = join(top, String(folders++));
  mkdirSync(root);
  for (const file of files) {
    const [name, json] = typeof file === 'string' ? [file, undefined] : file;
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), json === undefined ? '' : JSON.stringify(json));
  }
  return root;
}

/** What was found, as id → paths below the root (label last). */
export async function found(
  kind: DataSetKind,
  root: string,
  modalities: readonly string[],
  participants?: ReadonlyMap<string, string>,
) {
  const cases = await findCases(kind, root, { modalities, ...(participants === undefined ? {} : { participants }) });
  return Object.fromEntries(
    cases.map(({ id, images, label }) => [
      id,
      [...images.map(({ path }) => path), label].map((path) => relative(root, path)),
    ]),
  );
}

/** The layout refuses the folder, for all of these reasons. */
export function refusal(
  kind: DataSetKind,
  root: string,
  modalities: readonly string[],
  ...reasons: readonly RegExp[]
): Promise<void> {
  return assert.rejects(findCases(kind, root, { modalities }), (error: Error) => {
    for (const reason of reasons) assert.match(error.message, reason);
    return 'code' in error && error.code === 'DATA_SET_INVALID';
  });
}
