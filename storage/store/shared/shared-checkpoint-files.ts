import { DomainError } from '../../../domain/domain-error.js';
import { isWhole, Superseded, type CheckpointFiles } from '../checkpoint-files.js';
import { checkpointPosition, type CheckpointPosition } from '../checkpoint-epoch.js';
import type { RemoteEntry, RemoteObjects } from './remote-objects.js';

/** The folder of an attempt, and what is in it: the mark by which one machine has taken the number, and its checkpoint. */
const objectPattern = /^checkpoints\/[0-9a-f]{64}\/([1-9]\d{0,8})\/(begun|checkpoint\.bin)$/;

const start: CheckpointPosition = { epoch: 1, batches: 0 };

/**
 * The checkpoints of a training on this machine, and those in the store that it shares with others, so that a unit goes on
 * elsewhere. Every save also goes to the store; while that does not answer, the training goes on with what is here, and says
 * so. Attempts are numbered across all machines: one that was believed dead and wakes up learns that it is superseded, and
 * never writes where another attempt does. `load` takes the checkpoint that is furthest.
 */
export function sharedCheckpointFiles(
  local: CheckpointFiles,
  remote: RemoteObjects,
  { key, onRemark }: { readonly key: string; readonly onRemark: (text: string) => void },
): CheckpointFiles {
  const folder = `checkpoints/${key}/`;
  const checkpointName = (attempt: number): string => `${folder}${attempt}/checkpoint.bin`;
  let own: number | undefined;

  const begin = async (): Promise<number> => {
    for (;;) {
      const next = Math.max(0, ...(await remote.list(folder)).map(attemptOf)) + 1;
      if (await remote.putIf(undefined, `${folder}${next}/begun`, Buffer.from('begun\n'))) return next;
    }
  };

  /** The furthest intact checkpoint of the store, and whether there is a damaged one. */
  const furthest = async (): Promise<{ bytes: Uint8Array | undefined; damaged: boolean }> => {
    let bytes: Uint8Array | undefined;
    let damaged = false;
    for (const { name } of await remote.list(folder)) {
      if (!name.endsWith('/checkpoint.bin')) continue;
      const found = (await remote.get(name))?.bytes;
      if (found === undefined) continue;
      if (isWhole(found)) bytes = further(bytes, found);
      else damaged = true;
    }
    return { bytes, damaged };
  };

  const upload = async (bytes: Uint8Array): Promise<void> => {
    own ??= await begin();
    const attempts = await remote.list(folder);
    if (Math.max(0, ...attempts.map(attemptOf)) !== own) throw new Superseded(`a later attempt at ${key} has begun`);
    await remote.put(checkpointName(own), bytes);
    for (const entry of attempts) if (attemptOf(entry) < own) await remote.remove(entry.name);
  };

  return {
    load: async () => {
      own ??= await begin();
      const shared = await furthest();
      try {
        const bytes = further(await local.load(), shared.bytes);
        if (bytes !== undefined || !shared.damaged) return bytes;
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'CHECKPOINT_CORRUPT') throw error;
        if (shared.bytes === undefined) throw error;
        return shared.bytes;
      }
      const message = `no checkpoint in ${folder} of ${remote.address} matches its own SHA-256`;
      throw new DomainError('CHECKPOINT_CORRUPT', message);
    },
    save: async (bytes) => {
      await local.save(bytes);
      await upload(bytes).catch((error: unknown) => {
        if (error instanceof Superseded) throw error;
        onRemark(
          `has a checkpoint that is on this machine only: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
    },
    exist: async () => {
      return (await local.exist()) || (await remote.list(folder)).some(({ name }) => name.endsWith('/checkpoint.bin'));
    },
    putAside: async (to) => {
      own = undefined;
      if (await local.exist()) await local.putAside(to);
      for (const { name } of await remote.list(folder)) {
        if (name.endsWith('/checkpoint.bin')) await remote.setAside(name);
        else await remote.remove(name);
      }
    },
    remove: async () => {
      await local.remove();
      for (const { name } of await remote.list(folder)) await remote.remove(name);
    },
  };
}

const attemptOf = ({ name }: RemoteEntry): number => Number(objectPattern.exec(name)?.[1] ?? 0);

/** Of two whole checkpoints of a training, the one that was saved later in it: a training always takes the same way. */
function further(one: Uint8Array | undefined, other: Uint8Array | undefined): Uint8Array | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const [a, b] = [one, other].map((bytes) => checkpointPosition(bytes) ?? start) as [
    CheckpointPosition,
    CheckpointPosition,
  ];
  return b.epoch > a.epoch || (b.epoch === a.epoch && b.batches > a.batches) ? other : one;
}
