/** Flags that say where a sweep is. */
export interface PlaceFlags {
  readonly address?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly store?: string | undefined;
}

/** A command with the same flags, ready to paste into a shell. `words` are taken as they are, `argument` as one word. */
export function commandFor(words: string, { address, dataDir, store }: PlaceFlags, argument?: string): string {
  const flags = [
    ...(argument === undefined ? [] : [argument]),
    ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ...(store === undefined ? [] : ['--store', store]),
    ...(address === undefined ? [] : ['--address', address]),
  ];
  return ['volbias', words, ...flags.map(shellWord)].join(' ');
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
