import { join } from 'node:path';

import { z } from 'zod';

import { jsonOf } from '../files/parsed.js';
import { checkpointPaths } from './checkpoint-files.js';
import type { DataFolder } from './data-folder.js';
import { readAt } from './log-lines.js';
import { openStoredFile } from '../files/stored-file.js';

const lengthBytes = 8;
/** More than the history of a training ever takes. */
const mostHeaderBytes = 1 << 26;

const header = z.object({ __metadata__: z.object({ state: z.string() }) });
const state = z.object({
  progress: z.object({ history: z.array(z.unknown()) }),
  stepsIntoEpoch: z.int().nonnegative().default(0),
});

/** Where a training goes on: the epoch, from 1, and how many of its batches are done. */
export interface CheckpointPosition {
  readonly epoch: number;
  readonly batches: number;
}

/**
 * The epoch, from 1, in which the training with this key would go on; undefined without a readable checkpoint. Reads the
 * checkpoint's header alone: whether the rest is whole, the training checks.
 */
export async function checkpointEpoch({ checkpoints }: DataFolder, key: string): Promise<number | undefined> {
  for (const path of await checkpointPaths(join(checkpoints, key))) {
    const text = await readHeader(path).catch(() => undefined);
    const position = text === undefined ? undefined : positionIn(text);
    if (position !== undefined) return position.epoch;
  }
  return undefined;
}

/** Where a training would go on from a checkpoint; undefined if its header cannot be read. */
export function checkpointPosition(bytes: Uint8Array): CheckpointPosition | undefined {
  if (bytes.length < lengthBytes) return undefined;
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.min(Number(all.readBigUInt64LE()), mostHeaderBytes);
  return positionIn(all.subarray(lengthBytes, lengthBytes + length));
}

function positionIn(text: Uint8Array): CheckpointPosition | undefined {
  const { data: found } = header.safeParse(jsonOf(text));
  const { data } = state.safeParse(found === undefined ? undefined : jsonOf(found.__metadata__.state));
  return data === undefined ? undefined : { epoch: data.progress.history.length + 1, batches: data.stepsIntoEpoch };
}

/** A safetensors file begins with the length of its header, which is JSON. */
async function readHeader(path: string): Promise<Buffer> {
  const file = await openStoredFile(path);
  try {
    const length = Number((await readAt(file, 0, lengthBytes)).readBigUInt64LE());
    return await readAt(file, lengthBytes, Math.min(length, mostHeaderBytes));
  } finally {
    await file.close();
  }
}
