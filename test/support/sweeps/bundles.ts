import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { extract, pack, type Headers } from 'tar-stream';

import { compressed, decompressed } from '../../../storage/bundles/zstd.js';
import { recordSweep } from '../../../storage/sweeps/sweep-records.js';
import { writeSweepResult } from '../../../storage/sweeps/sweep-results.js';
import { keyOfRecord } from '../../../storage/verify/record-key.js';
import { parsedTinyConfig } from './plan-of.js';
import { workOf, type TestStore } from './test-store.js';

const content = { config: parsedTinyConfig(), importedFolds: null, environment: null };

/** A data folder with a sweep whose report has one input. Returns the sweep's id. */
export async function fillWithSweep({ folder, store, lineage }: TestStore): Promise<string> {
  const { id } = await recordSweep(folder, store, { configPath: '/tiny.yaml', paths: new Map() }, content);
  await lineage.append('runStarted', {
    sweep: id,
    specification: 'a'.repeat(64),
    command: 'run',
    operator: 'somebody',
  });
  const joined = { ...workOf('a'), step: 'join', unit: 'join flat', sweep: id };
  const rows = await store.put({ ...joined, key: keyOfRecord({ ...joined, digest: '' }) }, { files: {}, summary: {} });
  const work = { ...workOf('b'), step: 'report', unit: 'report', sweep: id };
  const own = { ...work, inputs: [{ unit: 'join flat', digest: rows.digest }] };
  const files = { 'report.html': Buffer.from('<p>page') };
  const report = await store.put({ ...own, key: keyOfRecord({ ...own, digest: '' }) }, { files, summary: {} });
  await writeSweepResult(folder, id, {
    outcome: 'complete',
    steps: [],
    failures: [],
    blocked: 0,
    held: 0,
    stopping: 0,
    repaired: [],
    report,
  });
  return id;
}

/** An entry of a bundle, as tar has it. */
export interface BundleEntry {
  readonly header: Partial<Headers> & { readonly name: string };
  readonly bytes: Buffer;
}

export async function entriesOf(path: string): Promise<BundleEntry[]> {
  const entries: BundleEntry[] = [];
  const chunks = decompressed(Readable.from([await readFile(path)]), () => undefined);
  for await (const entry of Readable.from(chunks).pipe(extract())) {
    const parts: Buffer[] = [];
    for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
    entries.push({ header: { name: entry.header.name }, bytes: Buffer.concat(parts) });
  }
  return entries;
}

/** Writes entries as they are, whether or not they make a bundle. */
export async function writeEntries(path: string, entries: readonly BundleEntry[]): Promise<void> {
  const tar = pack();
  for (const { header, bytes } of entries) tar.entry(header, bytes);
  tar.finalize();
  const frames: Uint8Array[] = [];
  for await (const frame of compressed(tar as AsyncIterable<Uint8Array>)) frames.push(frame);
  await writeFile(path, Buffer.concat(frames));
}

/** The same entries with a header that counts them. */
export function counted([first, ...others]: readonly BundleEntry[]): BundleEntry[] {
  const header = JSON.parse(first?.bytes.toString('utf8') ?? '') as object;
  const bytes = others.reduce((sum, entry) => sum + entry.bytes.length, 0);
  const text = JSON.stringify({ ...header, entries: others.length, bytes });
  return [{ header: { name: 'bundle.json' }, bytes: Buffer.from(text) }, ...others];
}
