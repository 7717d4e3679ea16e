import { join } from 'node:path';

import { packageFolder } from '../machine/runtime-record.js';
import type { DataFolder } from '../store/data-folder.js';
import { engineKeys } from './engine-key.js';
import { sealedPayloads, type PayloadCodec } from './sealed-payloads.js';

/** Loaded by Temporal's SDK, by path. */
export const failureConverterPath = join(packageFolder, 'dist', 'workflows', 'failure-converter.cjs');

/** How the clients and workers of a data folder turn values and failures into what Temporal transports, and back. */
export async function engineConverter(
  folder: DataFolder,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{
  readonly payloadCodecs: PayloadCodec[];
  readonly failureConverterPath: string;
}> {
  return { payloadCodecs: [sealedPayloads(await engineKeys(folder, environment))], failureConverterPath };
}
