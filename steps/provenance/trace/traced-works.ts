import type { TracedWork } from '../../../domain/lineage/trace.js';
import { counted } from '../../../domain/report/words/format-number.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import type { LineageRecord } from '../../../storage/store/lineage-records.js';
import { preprocess } from '../../preprocess.js';
import { pipeline } from '../../pipeline.js';
import { scan } from '../../scan.js';
import { split } from '../../split.js';
import { train } from '../../train.js';
import { summaryOfWork, type DatedWork } from '../recorded.js';

/** The works of a trace, each before those that it needs, the preparations of single cases after their shard. */
export async function tracedWorks(
  store: ArtifactStore,
  behind: readonly DatedWork[],
  all: { readonly works: readonly DatedWork[]; readonly records: readonly LineageRecord[] },
): Promise<TracedWork[]> {
  const events = countedEvents(all.records);
  const lastOf = new Map(all.works.map((work) => [work.digest, work]));
  const traced: TracedWork[] = [];
  for (const work of inOrder(behind)) {
    const { parameters } = work;
    traced.push({ ...(await describe(store, work, events)), parameters });
    if (work.step !== preprocess.name) continue;
    for (const { id, artifact } of (await summaryOfWork(store, preprocess, work)).cases) {
      const own = lastOf.get(artifact);
      if (own !== undefined) traced.push({ ...(await describe(store, own, events)), case: id });
    }
  }
  return traced;
}

function inOrder(works: readonly DatedWork[]): DatedWork[] {
  const order = new Map(pipeline.map(({ name }, index) => [name, index]));
  const place = ({ step }: DatedWork): number => order.get(step) ?? 0;
  return works.toSorted((a, b) => place(b) - place(a) || (a.unit < b.unit ? -1 : 1));
}

type Events = ReadonlyMap<string, { failures: number; resumptions: number }>;

/** How often the work of each key has failed, and has gone on from a checkpoint. */
function countedEvents(records: readonly LineageRecord[]): Events {
  const counts = new Map<string, { failures: number; resumptions: number }>();
  for (const { kind, spec } of records) {
    if (kind !== 'failure' && kind !== 'resumption') continue;
    const count = counts.get(spec.key) ?? { failures: 0, resumptions: 0 };
    counts.set(spec.key, count);
    if (kind === 'failure') count.failures++;
    else count.resumptions++;
  }
  return counts;
}

async function describe(store: ArtifactStore, work: DatedWork, events: Events): Promise<TracedWork> {
  const { unit, step, version, key, digest, inputs, environment, at, sweep = null, software } = work;
  const { files } = await store.manifest(digest);
  return {
    ...{ unit, step, version, key, digest, inputs, environment, at, sweep, software },
    files: Object.entries(files)
      // A shard lists the objects of its cases too, which are works of their own.
      .filter(([name]) => !name.includes('/'))
      .map(([name, file]) => ({ name, sha256: file.digest })),
    facts: unit === 'preprocess one case' ? {} : await factsOf(store, work),
    ...(events.get(key) ?? { failures: 0, resumptions: 0 }),
  };
}

async function factsOf(store: ArtifactStore, work: DatedWork): Promise<Record<string, string | number>> {
  switch (work.step) {
    case train.name: {
      const { bestEpoch, epochs, stoppedBecause } = await summaryOfWork(store, train, work);
      return { bestEpoch, epochs, stoppedBecause };
    }
    case split.name: {
      const { folds } = await summaryOfWork(store, split, work);
      return { folds: folds.length, cases: folds.map(({ length }) => length).join(' + ') };
    }
    case preprocess.name:
      return { cases: counted((await summaryOfWork(store, preprocess, work)).cases.length, 'case') };
    case scan.name:
      return { cases: counted((await summaryOfWork(store, scan, work)).cases.length, 'case') };
    default:
      return {};
  }
}
