const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'its disk is read-only',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'something else has this name',
  EISDIR: 'it is a folder',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk quota is used up',
};

const otherPlace = 'choose a place where you may write (--data-dir, VOLBIAS_DATA_DIR or --output)';

const remedies: Readonly<Record<string, string>> = {
  EACCES: `give yourself access (ls -ld shows who has it), or ${otherPlace}`,
  EPERM: `give yourself access (ls -ld shows who has it), or ${otherPlace}`,
  EROFS: otherPlace,
  ENOENT: 'check the path',
  ENOTDIR: 'check the path',
  EEXIST: 'choose another name',
  EISDIR: 'name a file',
  ENOSPC: 'make room: volbias gc removes what no sweep needs',
  EDQUOT: 'make room: volbias gc removes what no sweep needs',
};

/** An error of the operating system: its path, what is wrong and what to do; undefined for one without such words. */
export function systemErrorWords(
  error: Error & { readonly code?: unknown; readonly path?: unknown },
): string | undefined {
  const { path } = error;
  const code = String(error.code);
  const reason = reasons[code];
  return reason === undefined || typeof path !== 'string' ? undefined : `${path}: ${reason}; ${remedies[code] ?? ''}`;
}
