import { z } from 'zod';

import type { UnitGap } from '../../contracts/sweep.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { stepOfUnit } from '../../domain/plan/units.js';
import type { LineageLog } from './lineage-log.js';

const unitGap: z.ZodType<UnitGap> = z.strictObject({
  unit: z.string(),
  cause: z.strictObject({
    unit: z.string(),
    kind: z.string(),
    message: z.string(),
    reason: z.string().exactOptional(),
  }),
});

const workResources = z.strictObject({
  peakMemoryBytes: z.number(),
  /** Wall time until the result was stored; of resumed work, since its last resumption. Absent in older records. */
  seconds: z.number().exactOptional(),
  /** User and system time of all threads in `seconds`. */
  processorSeconds: z.number().exactOptional(),
});

const workRecord = z.strictObject({
  step: z.string(),
  key: z.string(),
  unit: z.string(),
  version: z.int(),
  parameters: z.unknown(),
  inputs: z.array(z.strictObject({ unit: z.string(), digest: z.string() })),
  /** The machine and TensorFlow's build; `process` contains what the computing process reports of its numerics. */
  environment: z.record(z.string(), z.unknown()),
  /** The sweep that it was done for; absent for a prepared case. */
  sweep: z.string().exactOptional(),
  /** Units without results, which the key contains too; absent if there are none. */
  gaps: z.array(unitGap).exactOptional(),
  /** What the work used, for capacity planning. Varies between runs, so it is in no digest. */
  resources: workResources.exactOptional(),
});

/** Facts about one piece of work, for the lineage log. */
export type WorkRecord = Readonly<z.infer<typeof workRecord>>;

/** Facts that a computing process adds when it ends. */
export interface ProcessFacts {
  readonly resources: Readonly<z.infer<typeof workResources>>;
  readonly process?: object;
}

export const recordedWork = workRecord.extend({ digest: z.string() });

/** A piece of work with the digest of its result. */
export type RecordedWork = Readonly<z.infer<typeof recordedWork>>;

/** All recorded work, oldest first. STORE_CORRUPT if the log is damaged. */
export async function readRecordedWork(log: LineageLog): Promise<RecordedWork[]> {
  return (await log.read()).flatMap((record) => (record.kind === 'artifact' ? [record.spec] : []));
}

/**
 * Looks up the work that has made a unit's result, among works in the order of the log. If another sweep has computed it,
 * its record has that sweep's name of the unit. The lookup therefore uses digest and step. Different work may have the
 * same result, such as the same folds by another seed. So `user`, the work that has used the result, decides: what its
 * own sweep had recorded before it, else what any had.
 */
export function workFinder<Work extends RecordedWork>(
  works: readonly Work[],
): (result: { readonly unit: string; readonly digest: string }, user?: Work) => Work | undefined {
  const known = new Map<string, Work[]>();
  const places = new Map(works.map((work, place) => [work, place]));
  for (const work of works) {
    const same = known.get(work.digest);
    if (same === undefined) known.set(work.digest, [work]);
    else same.push(work);
  }
  return ({ unit, digest }, user) => {
    const candidates = (known.get(digest) ?? []).filter(({ step }) => step === stepOfUnit(unit));
    const named = candidates.filter((candidate) => candidate.unit === unit);
    const end = (user === undefined ? undefined : places.get(user)) ?? Infinity;
    const before = (named.length > 0 ? named : candidates).filter((one) => (places.get(one) ?? 0) < end);
    return before.findLast(({ sweep }) => sweep === user?.sweep) ?? before.at(-1) ?? named.at(-1) ?? candidates.at(-1);
  };
}

/** All work on which some results depend, including the work that made them, in no particular order. */
export function worksBehind<Work extends RecordedWork>(
  works: readonly Work[],
  results: readonly { readonly unit: string; readonly digest: string }[],
): Work[] {
  const find = workFinder(works);
  const found = new Set<Work>();
  const open: { readonly unit: string; readonly digest: string; readonly user?: Work }[] = [...results];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const work = find(next, next.user);
    if (work === undefined || found.has(work)) continue;
    found.add(work);
    for (const input of work.inputs) open.push({ ...input, user: work });
  }
  return [...found];
}

/**
 * The first result from which one of these works was computed and which none of them has made; undefined if there is none.
 */
export function missingInput(works: readonly RecordedWork[]): string | undefined {
  const made = new Set(works.map(({ digest }) => digest));
  // A prepared case is no unit: its inputs are files.
  const needed = works.filter(({ unit }) => parseUnitName(unit) !== undefined).flatMap(({ inputs }) => inputs);
  return needed.find(({ digest }) => !made.has(digest))?.unit;
}
