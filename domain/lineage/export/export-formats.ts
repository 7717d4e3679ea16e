import type { ExportedSweep } from './exported-sweep.js';
import { mlflowRuns } from './mlflow-runs.js';
import { openLineageEvents } from './openlineage-events.js';
import { provJson } from './prov-json.js';
import { provenanceCrate } from './ro-crate/provenance-crate.js';

/** The content of an export's files, by their path within it; a path that ends with / is a folder. */
export type ExportFiles = ReadonlyMap<string, string | Uint8Array>;

/** The formats that need no signature, each as a pure function. */
export const exportFormats = {
  'ro-crate': provenanceCrate,
  prov: (sweep) => new Map([['prov.json', provJson(sweep)]]),
  openlineage: (sweep) => new Map([['openlineage.jsonl', openLineageEvents(sweep)]]),
  mlflow: mlflowRuns,
} as const satisfies Readonly<Record<string, (sweep: ExportedSweep) => ExportFiles>>;
