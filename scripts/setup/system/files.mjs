import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readFile, readdir, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** @returns {Promise<string>} SHA-256 of a file's bytes, lower-case hexadecimal */
export async function digestFile(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) hash.update(chunk);
  return hash.digest('hex');
}

/** @returns {string} SHA-256 of the canonical text of some strings: no two lists share it by concatenation */
export function digestOf(...parts) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** @returns {Promise<any>} the parsed file, or undefined where it is missing or not JSON */
export async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Size and time of change of a file: the cheap evidence that a file is the one digested before. */
export async function fileFacts(path) {
  try {
    const facts = await stat(path, { bigint: true });
    return facts.isFile() ? { size: Number(facts.size), modified: String(facts.mtimeNs) } : undefined;
  } catch {
    return undefined;
  }
}

export function sameFacts(one, other) {
  return one !== undefined && other !== undefined && one.size === other.size && one.modified === other.modified;
}

/** Readers see the old content or the new, never a part. */
export async function writeAtomically(path, content, mode = 0o644) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, content, { mode, flush: true });
  await rename(temporary, path);
}

/** Points a symbolic link at a target, replacing whatever lies there. */
export async function pointLink(link, target) {
  if (await isLinkTo(link, target)) return;
  const temporary = `${link}.${randomBytes(6).toString('hex')}`;
  await mkdir(dirname(link), { recursive: true });
  await symlink(target, temporary);
  const existing = await lstat(link).catch(() => undefined);
  if (existing?.isDirectory()) {
    // rename(2) does not replace a directory by a link: the directory steps aside first.
    const aside = `${temporary}.old`;
    await rename(link, aside);
    await rename(temporary, link);
    await rm(aside, { recursive: true });
  } else {
    await rename(temporary, link);
  }
}

export async function isLinkTo(link, target) {
  return (await readlink(link).catch(() => undefined)) === target;
}

/** Puts a finished folder in place; what was there before (an older or damaged one) goes. */
export async function moveIntoPlace(folder, place, staging) {
  await mkdir(dirname(place), { recursive: true });
  const aside = join(staging, 'replaced');
  await rename(place, aside).catch(() => undefined);
  await rename(folder, place);
  await rm(aside, { recursive: true, force: true });
}

/** @returns {Promise<string[]>} paths of all files below a folder, sorted; none where the folder is missing */
export async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
