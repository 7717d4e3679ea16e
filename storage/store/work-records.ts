import { z } from 'zod';

import { DomainError } from '../../domain/domain-error.js';
import type { LineageLog } from './lineage-log.js';

const workRecord = z.strictObject({
  step: z.string(),
  key: z.string(),
  unit: z.string(),
  version: z.int(),
  parameters: z.unknown(),
  inputs: z.array(z.strictObject({ unit: z.string(), digest: z.string() })),
  /** The machine and TensorFlow's build; `process` is what the computing process knows of its own numerics. */
  environment: z.record(z.string(), z.unknown()),
  /** What the work took, for those who plan machines; a fact of this one time and of no digest. */
  resources: z.strictObject({ peakMemoryBytes: z.number() }).exactOptional(),
});

/** Facts of one work, for the lineage log. */
export type WorkRecord = Readonly<z.infer<typeof workRecord>>;

/** Facts that a computing process adds when it has ended. */
export interface ProcessFacts {
  readonly resources: NonNullable<WorkRecord['resources']>;
  readonly process?: object;
}

const recordedWork = workRecord.extend({ digest: z.string() });

/** A work with the digest of what it made. */
export type RecordedWork = Readonly<z.infer<typeof recordedWork>>;

/** Everything that was made, oldest first. STORE_CORRUPT where the log is damaged. */
export async function readRecordedWork(log: LineageLog): Promise<RecordedWork[]> {
  const artifacts = (await log.read()).filter(({ kind }) => kind === 'artifact');
  return artifacts.map(({ spec }) => {
    const { success, data } = recordedWork.safeParse(spec);
    if (!success) throw new DomainError('STORE_CORRUPT', 'a record of the lineage log has another form');
    return data;
  });
}

/**
 * The works behind some results, those that made them included, in no particular order. A result that another sweep has
 * made stands there under that sweep's name of the unit, so digest and step decide.
 */
export function worksBehind(
  works: readonly RecordedWork[],
  results: readonly { readonly unit: string; readonly digest: string }[],
): RecordedWork[] {
  const known = new Map<string, RecordedWork[]>();
  for (const work of works) known.set(work.digest, [...(known.get(work.digest) ?? []), work]);
  const stepOf = (unit: string): string => unit.split(' ')[0] ?? '';
  const found = new Set<RecordedWork>();
  const open = [...results];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { unit, digest } = next;
    const candidates = (known.get(digest) ?? []).filter(({ step }) => step === stepOf(unit));
    const work = candidates.findLast((candidate) => candidate.unit === unit) ?? candidates.at(-1);
    if (work === undefined || found.has(work)) continue;
    found.add(work);
    open.push(...work.inputs);
  }
  return [...found];
}
