import type { Stats } from 'node:fs';

import { DomainError } from '../../domain/domain-error.js';
import { wantOfMemory } from '../../domain/want-of-memory.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: you may not read it; ls -ld shows who may',
  EPERM: 'permission denied: you may not read it; ls -ld shows who may',
  ENOTDIR: 'a part of its path is not a folder; check the path',
  ELOOP: 'its symbolic links go round in a circle; readlink shows where they lead',
  ENAMETOOLONG: 'its name is too long; give it a shorter one',
  EIO: 'its disk cannot read it; check the disk, or copy the file anew',
  ESTALE: 'its network drive has lost it; mount the drive again',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  ERR_INVALID_ARG_VALUE: 'its path has a null character',
};

/** Throws FILE_UNREADABLE unless it is an ordinary file; a reader would wait forever for a pipe. */
export function expectOrdinary(path: string, found: Stats): void {
  if (found.isFile()) return;
  const what = found.isDirectory() ? 'a folder' : 'a device or a pipe';
  throw new DomainError('FILE_UNREADABLE', `${path}: it is ${what}, not a file`, { path });
}

/** Whether the error has this code of the operating system, such as ENOENT. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

/** Whether a write failed because there is no room, or because the disk has become read-only. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EROFS'].includes(codeOf(error));
}

/**
 * The error of a failed write, with the path that its user knows: the operating system names none, or a temporary one. Its
 * code stays.
 */
export function writeError(path: string, error: unknown): unknown {
  if (error instanceof Error && 'syscall' in error && !('isOfWriting' in error)) {
    const what = error.message.replace(/ '.*$/s, '');
    Object.assign(error, { path, dest: undefined, isOfWriting: true, message: `${what} '${path}'` });
  }
  return error;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Why the operating system could not read a file or folder, phrased to follow its path. */
export function reasonOf(error: unknown, what: 'file' | 'folder' = 'file'): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return `there is no such ${what}`;
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/** An error from opening or reading a file, as an error that names the file. A DomainError is returned unchanged. */
export function fileError(path: string, cause: unknown): DomainError {
  const error = wantOfMemory(cause, `${path}: `);
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  if (code.startsWith('Z_')) {
    return new DomainError(
      'FILE_FORMAT_INVALID',
      `${path}: its compressed data are damaged or cut off (${reasonOf(error)})`,
      {
        path,
      },
    );
  }
  return new DomainError('FILE_UNREADABLE', `${path}: ${reasonOf(error)}`, { path, code });
}
