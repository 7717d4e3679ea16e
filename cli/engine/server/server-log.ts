import { lengthOf, partFrom } from '../../../storage/files/log-text.js';

/** What a server can say of itself that starting it again does not change. */
export type ServerFault = 'database damaged' | 'port taken';

const faults: readonly (readonly [ServerFault, RegExp])[] = [
  // Of SQLite: damaged pages, no database at all, or one whose tables were not all made. A full disk, too, gives "SQL logic
  // errors", but leaves the database intact.
  [
    'database damaged',
    /file is not a database|database disk image is malformed|SQL logic error: no such (table|column)/,
  ],
  ['port taken', /address already in use/],
];

/** What the server adds to its log from now on. */
export async function followServerLog(path: string): Promise<{ fault(): Promise<ServerFault | undefined> }> {
  const start = await lengthOf(path);
  return {
    fault: async () => {
      const { text } = await partFrom(path, start);
      return faults.find(([, words]) => words.test(text))?.[0];
    },
  };
}
