interface Words {
  readonly reason: string;
  /** What to do, unless another place to write to is the remedy. */
  readonly remedy?: string;
  /** Whether another place to write to helps. */
  readonly elsewhere?: true;
}

const denied = { reason: 'permission denied', remedy: 'give yourself access (ls -ld shows who has it)' } as const;
const noRoom = { remedy: 'make room (volbias gc removes what no sweep needs)', elsewhere: true } as const;

const known: Readonly<Record<string, Words>> = {
  EACCES: denied,
  EPERM: denied,
  EROFS: { reason: 'its disk is read-only', elsewhere: true },
  ENOENT: { reason: 'there is no such file or folder', remedy: 'check the path' },
  ENOTDIR: { reason: 'a part of its path is not a folder', remedy: 'check the path' },
  EEXIST: { reason: 'something else has this name', remedy: 'choose another name' },
  EISDIR: { reason: 'it is a folder', remedy: 'name a file' },
  ENOSPC: { reason: 'its disk is full', ...noRoom },
  EDQUOT: { reason: 'your disk quota is used up', ...noRoom },
  EFBIG: { reason: 'it would be larger than files may be', remedy: 'raise the limit (ulimit -f)', elsewhere: true },
  EIO: { reason: 'its disk cannot read or write it', remedy: 'check the disk' },
  EMFILE: { reason: 'too many files are open', remedy: 'raise the limit (ulimit -n)' },
};

/** Options that choose where a verb writes. */
const placeOptions = ['--data-dir', '--output'];

/**
 * An error of the operating system: its path, what is wrong and what to do; undefined for one without such words.
 * `options`: those that the verb has.
 */
export function systemErrorWords(
  error: Error & { readonly code?: unknown; readonly path?: unknown; readonly isOfWriting?: unknown },
  options: readonly string[],
): string | undefined {
  const words = known[String(error.code)];
  if (words === undefined) return undefined;
  const isOfWriting = error.isOfWriting === true || error.path === undefined;
  const places = options.filter((option) => placeOptions.includes(option));
  const chosen = places.join(', ').replace('--data-dir', '--data-dir or VOLBIAS_DATA_DIR');
  // Of a denied call, only those that are marked are known to write; verbs that choose a place mostly do.
  const elsewhere = words.elsewhere ?? (words === denied && (isOfWriting || places.length > 0));
  const another = `write to another place${chosen === '' ? '' : ` (${chosen})`}`;
  const remedies = [...(words.remedy === undefined ? [] : [words.remedy]), ...(elsewhere ? [another] : [])];
  const reason = words === denied && isOfWriting ? `${denied.reason}: you may not write it` : words.reason;
  const subject = typeof error.path === 'string' ? error.path : 'a file that was to be written';
  return `${subject}: ${reason}; ${remedies.join(', or ')}`;
}
