import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { searchAttributes } from '../../../contracts/search-attributes.js';
import { DomainError } from '../../../domain/domain-error.js';
import { takeLock, type FileLock } from '../../../storage/files/file-lock.js';
import type { DataFolder } from '../../../storage/store/data-folder.js';
import { databaseFile } from './server-database.js';
import { openToAppend } from '../../../storage/files/stored-file.js';

/** What the server inherits of the environment: it needs no credentials. */
const inherited = ['PATH', 'TMPDIR', 'TZ'] as const;

/** In place of defaults that take time from the trainings on the same machine. */
const settings = [
  // By default a task queue has four parts, of which three keep passing waiting trainings on to the first.
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  // By default it reads the search attributes from its database with every request.
  'system.forceSearchAttributesCacheRefreshOnRead=false',
  // By default it does without fairness keys: units of different data sets would not take turns.
  'matching.enableFairness=true',
].flatMap((setting) => ['--dynamic-config-value', setting]);

const typeNames = { KEYWORD: 'Keyword', INT: 'Int' } as const;

/** By which Temporal's page finds units. */
const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => {
  return ['--search-attribute', `${name}=${typeNames[type]}`];
});

/** A server whose run has been killed ends by itself; it may take a few seconds. */
const secondsToEnd = 15;

/** Starts a server on the database of the data folder. ARGUMENT_INVALID if there is one already, wherever it runs. */
export async function spawnServer(
  folder: DataFolder,
  executable: string,
  { port, webPort }: { readonly port: number; readonly webPort: number },
): Promise<ChildProcess> {
  mkdirSync(folder.temporal, { recursive: true });
  const lock = await takeServerLock(folder);
  const log = openToAppend(join(folder.temporal, 'server.log'));
  const flags = ['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(webPort), '--log-level', 'error'];
  try {
    // In its own process group, so that Ctrl-C lets trainings save a checkpoint before the server stops.
    return spawn(
      executable,
      ['server', 'start-dev', '--db-filename', databaseFile(folder), ...flags, ...settings, ...attributes],
      {
        detached: true,
        // The server inherits the lock, and keeps it.
        stdio: ['ignore', log, log, lock.descriptor],
        // Go's garbage collection takes less time the more memory it may leave uncollected: some 100 MB here.
        env: { ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])), GOGC: '300' },
      },
    );
  } finally {
    closeSync(log);
    await lock.release();
  }
}

/**
 * Whether a process is a server on the database of the data folder. A record alone could name any process, which would
 * then be ended.
 */
export async function isServerOf(folder: DataFolder, pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '');
  const words = commandLine.split('\0');
  return words.includes('start-dev') && words.includes(databaseFile(folder));
}

async function takeServerLock(folder: DataFolder): Promise<FileLock> {
  const attempt = await takeLock(join(folder.temporal, 'server.lock'), secondsToEnd);
  if ('release' in attempt) return attempt;
  const where = 'but not where this process can see it: in another container or on another machine';
  throw new DomainError(
    'ARGUMENT_INVALID',
    `a Temporal server is still running in ${folder.temporal}, ${where}; stop it there`,
  );
}
