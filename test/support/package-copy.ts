import { cp, copyFile, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { repositoryRoot } from './paths.js';

/** Another version of the package, built from this one: `changes` has the text to replace, by file of dist/. */
export async function copyOfPackage(
  folder: string,
  changes: Readonly<Record<string, readonly [text: string | RegExp, replacement: string]>>,
): Promise<string> {
  const built = join(repositoryRoot, 'dist');
  await cp(built, join(folder, 'dist'), { recursive: true, filter: (path) => path !== join(built, 'test') });
  await copyFile(join(repositoryRoot, 'package.json'), join(folder, 'package.json'));
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, [text, replacement]] of Object.entries(changes)) {
    const path = join(folder, 'dist', name);
    const before = await readFile(path, 'utf8');
    const after = before.replaceAll(text, replacement);
    if (after === before) throw new Error(`${name} does not contain ${String(text)}`);
    await writeFile(path, after);
  }
  return folder;
}
