import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Software } from '../store/lineage-records.js';
import { packageFolder } from './runtime-record.js';

const packageJson = z.object({ version: z.string() });
const buildStamp = z.object({ sources: z.string(), commit: z.string().nullable() });

let software: Promise<Software> | undefined;

/** Which build of volbias this is, as set-up has recorded it. Read once. */
export function readSoftware(): Promise<Software> {
  return (software ??= read());
}

async function read(): Promise<Software> {
  const { version } = packageJson.parse(await json('package.json'));
  const build = buildStamp.safeParse(await json('dist', '.build.json').catch(() => undefined)).data;
  return {
    version,
    node: process.versions.node,
    ...(build !== undefined && { sources: build.sources }),
    ...(typeof build?.commit === 'string' && { commit: build.commit }),
  };
}

async function json(...path: string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(packageFolder, ...path), 'utf8'));
}
