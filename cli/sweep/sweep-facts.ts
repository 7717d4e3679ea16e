import { settingChanges, type SettingChange } from '../../domain/lineage/settings.js';
import { sweepHistories, type SweepHistory } from '../../steps/provenance/sweep-history.js';
import { sweepSettings } from '../../steps/provenance/sweep-settings.js';
import { readSweepContent, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import { listSweeps, readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import type { Project } from '../project.js';

/** What distinguishes a sweep from the others of its data folder. */
export interface SweepFacts {
  readonly configPath: string;
  /** Undefined if the lineage tells of no run. */
  readonly history: SweepHistory | undefined;
  /** The sweep of the same name that was run before it, and the settings that differ. */
  readonly changed: { readonly before: string; readonly settings: readonly SettingChange[] } | undefined;
}

/** Of all sweeps of a data folder, by id. Those whose records are damaged are missing. */
export async function sweepFacts({ folder, store, lineage }: Project): Promise<ReadonlyMap<string, SweepFacts>> {
  const histories = sweepHistories((await lineage.inspect()).records);
  const facts = new Map<string, SweepFacts>();
  const lastOf = new Map<string, { readonly id: string; readonly content: SweepContent }>();
  const ids = await listSweeps(folder);
  for (const id of ids.sort((a, b) => comparedBy(histories.get(a)?.firstRun, histories.get(b)?.firstRun))) {
    const found = await readSweepRecord(folder, id)
      .then(async (record) => ({ record, content: await readSweepContent(store, record.specification) }))
      .catch(() => undefined);
    // `status` tells what is damaged.
    if (found === undefined) continue;
    const { record, content } = found;
    const before = lastOf.get(content.config.name);
    const changed = before && {
      before: before.id,
      settings: settingChanges(sweepSettings(before.content), sweepSettings(content)),
    };
    facts.set(id, { configPath: record.configPath, history: histories.get(id), changed });
    lastOf.set(content.config.name, { id, content });
  }
  return facts;
}

function comparedBy(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
