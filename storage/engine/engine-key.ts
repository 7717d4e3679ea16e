import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { writeFileOnce } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from '../store/data-folder.js';
import { readStoredFile } from '../files/stored-file.js';

const keyBytes = 32;

/** The one that seals, and older ones. */
export type EngineKeys = readonly [Uint8Array, ...Uint8Array[]];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The secrets of a data folder, one a line: the first seals all that its processes tell each other through Temporal, the
 * others still open what they sealed before. They are those of VOLBIAS_ENGINE_KEY, else the folder's own, made when they
 * are first needed, readable by their owner only; from then on so is the folder, which an older version left open to all.
 * STORE_CORRUPT if the file is damaged, ARGUMENT_INVALID if the variable is.
 */
export async function engineKeys(folder: DataFolder, environment: Environment): Promise<EngineKeys> {
  const { engineKey: path } = folder;
  const given = givenKeys(environment);
  if (given !== undefined) {
    await makePrivateFolder(dirname(path));
    return given;
  }
  const text = (await readIfThere(path)) ?? (await makeKey(path));
  const keys = keysIn(text);
  if (keys !== undefined) return keys;
  throw new DomainError(
    'STORE_CORRUPT',
    `${path} is damaged; delete it, and the folder temporal beside it: sweeps then begin anew and take their results from the store`,
  );
}

/**
 * Throws CONFIG_INVALID unless this folder's key is that of the machines which share its store, and makes none then: what one
 * seals, another could not read. The store has no key, but the SHA-256 of one, by which nobody finds it.
 */
export async function expectSharedKey(folder: DataFolder, environment: Environment): Promise<void> {
  const { shared } = folder;
  if (shared === undefined) return;
  const known = await shared.get(digestName);
  const isMade = givenKeys(environment) !== undefined || (await readIfThere(folder.engineKey)) !== undefined;
  if (known === undefined || isMade) {
    const keys = await engineKeys(folder, environment);
    const [first, ...older] = keys.map((key) => `${createHash('sha256').update(key).digest('hex')}\n`);
    if (known === undefined && (await shared.putIf(undefined, digestName, Buffer.from(first ?? '')))) return;
    const expected = Buffer.from((known ?? (await shared.get(digestName)))?.bytes ?? []).toString('utf8');
    if ([first, ...older].includes(expected)) return;
  }
  const problem = `${folder.engineKey} is ${isMade ? 'not the key' : 'missing: the key'} of the machines that share ${shared.address}`;
  const remedy = `copy the file engine-key from the data folder of one of them, or set VOLBIAS_ENGINE_KEY to what it contains`;
  throw new DomainError('CONFIG_INVALID', `${problem}; ${remedy}`);
}

/** What the store knows of the key. */
const digestName = 'engine-key.sha256';

function keysIn(text: string): EngineKeys | undefined {
  if (!/^(?:[0-9a-f]{64}\n)+$/.test(text)) return undefined;
  const [first = '', ...others] = text.trimEnd().split('\n');
  return [Buffer.from(first, 'hex'), ...others.map((line) => Buffer.from(line, 'hex'))];
}

function givenKeys({ VOLBIAS_ENGINE_KEY: text }: Environment): EngineKeys | undefined {
  if (text === undefined || text === '') return undefined;
  const keys = keysIn(`${text.trim()}\n`);
  if (keys !== undefined) return keys;
  throw new DomainError('ARGUMENT_INVALID', 'VOLBIAS_ENGINE_KEY is not the content of a file engine-key');
}

async function makeKey(path: string): Promise<string> {
  await makePrivateFolder(dirname(path));
  return writeFileOnce(path, `${randomBytes(keyBytes).toString('hex')}\n`);
}

async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700).catch((error: unknown) => {
    // A folder of another user is that user's to close.
    if (!hasErrorCode(error, 'EPERM')) throw error;
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readStoredFile(path)
    .then(String)
    .catch((error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      throw error;
    });
}
