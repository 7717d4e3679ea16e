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

/** @returns {string} SHA-256 of the JSON text of the parts, so lists that concatenate to the same text differ */
export function digestOf(...parts) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** @returns {Promise<any>} the parsed file, or undefined if it is missing or not JSON */
export async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Size and modification time of a file: cheap evidence that it is the file that was digested before. */
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

/** Readers see the old content or the new, never a part of it. */
export async function writeAtomically(path, content, mode = 0o644) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, content, { mode, flush: true });
  await rename(temporary, path);
}

/** Points a symbolic link at a target, replacing whatever is in its place. */
export async function pointLink(link, target) {
  if (await isLinkTo(link, target)) return;
  const temporary = `${link}.${randomBytes(6).toString('hex')}`;
  await mkdir(dirname(link), { recursive: true });
  await symlink(target, temporary);
  const existing = await lstat(link).catch(() => undefined);
  if (existing?.isDirectory()) {
    // rename(2) does not replace a directory with a link, so the directory is moved aside first.
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

/** Moves a finished folder into place and deletes the older or damaged one that it replaces. */
export async function moveIntoPlace(folder, place, staging) {
  await mkdir(dirname(place), { recursive: true });
  const aside = join(staging, 'replaced');
  await rename(place, aside).catch(() => undefined);
  await rename(folder, place);
  await rm(aside, { recursive: true, force: true });
}

/** @returns {Promise<string[]>} paths of all files below a folder, sorted; empty if the folder is missing */
export async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
