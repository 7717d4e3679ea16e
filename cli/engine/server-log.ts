import { open, stat } from 'node:fs/promises';

/** What a server can say of itself that starting it again does not change. */
export type ServerFault = 'database damaged' | 'port taken';

const faults: readonly (readonly [ServerFault, RegExp])[] = [
  // Of SQLite: damaged pages, no database at all, or one whose tables were not all made.
  ['database damaged', /file is not a database|database disk image is malformed|SQL logic error/],
  ['port taken', /address already in use/],
];

/** What the server adds to its log from now on. */
export async function followServerLog(path: string): Promise<{ fault(): Promise<ServerFault | undefined> }> {
  const start = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  return {
    fault: async () => {
      const text = await textFrom(path, start);
      return faults.find(([, words]) => words.test(text))?.[0];
    },
  };
}

const mostBytes = 1 << 20;

async function textFrom(path: string, start: number): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
