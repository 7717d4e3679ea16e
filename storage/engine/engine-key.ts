import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { writeFileOnce } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from '../store/data-folder.js';

const keyBytes = 32;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The secret of a data folder, which seals all that its processes tell each other through Temporal: VOLBIAS_ENGINE_KEY, else
 * the folder's own. That is made when it is first needed, readable by its owner only; from then on so is the folder, which an
 * older version left open to all. STORE_CORRUPT if the file is damaged, ARGUMENT_INVALID if the variable is.
 */
export async function engineKey(folder: DataFolder, environment: Environment): Promise<Uint8Array> {
  const { engineKey: path } = folder;
  const given = givenKey(environment);
  if (given !== undefined) {
    await makePrivateFolder(dirname(path));
    return given;
  }
  const text = (await readIfThere(path)) ?? (await makeKey(path));
  if (/^[0-9a-f]{64}\n$/.test(text)) return Buffer.from(text.trim(), 'hex');
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
  const isMade = givenKey(environment) !== undefined || (await readIfThere(folder.engineKey)) !== undefined;
  if (known === undefined || isMade) {
    const digest = createHash('sha256')
      .update(await engineKey(folder, environment))
      .digest('hex');
    if (known === undefined && (await shared.putIf(undefined, digestName, Buffer.from(`${digest}\n`)))) return;
    const expected = known ?? (await shared.get(digestName));
    if (Buffer.from(expected?.bytes ?? []).toString('utf8') === `${digest}\n`) return;
  }
  const problem = `${folder.engineKey} is ${isMade ? 'not the key' : 'missing: the key'} of the machines that share ${shared.address}`;
  const remedy = `copy the file engine-key from the data folder of one of them, or set VOLBIAS_ENGINE_KEY to what it contains`;
  throw new DomainError('CONFIG_INVALID', `${problem}; ${remedy}`);
}

/** What the store knows of the key. */
const digestName = 'engine-key.sha256';

function givenKey({ VOLBIAS_ENGINE_KEY: text }: Environment): Uint8Array | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[0-9a-f]{64}$/.test(text.trim())) return Buffer.from(text.trim(), 'hex');
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
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}
