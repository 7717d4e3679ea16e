import { relative, resolve, sep } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { exportFormats, type ExportFiles } from '../../domain/lineage/export/export-formats.js';
import type { ExportedSweep } from '../../domain/lineage/export/exported-sweep.js';
import { pseudonymsBy } from '../../domain/lineage/export/pseudonyms.js';
import { publicSweep } from '../../domain/lineage/export/public-sweep.js';
import { slsaStatement } from '../../domain/lineage/export/slsa-statement.js';
import { exportedSweep } from '../../steps/provenance/export/exported-sweep.js';
import { signedEnvelope } from '../../storage/exports/dsse-envelope.js';
import { expectEmpty, writeExport } from '../../storage/exports/export-folder.js';
import { pseudonymKey } from '../../storage/exports/pseudonym-key.js';
import type { Project } from '../project.js';

export const provenanceFormats = ['ro-crate', 'prov', 'openlineage', 'in-toto', 'mlflow'] as const;

export type ProvenanceFormat = (typeof provenanceFormats)[number];

export interface ProvenanceRequest {
  readonly sweep: string;
  readonly format: ProvenanceFormat;
  readonly output: string;
  readonly privacy: 'public' | 'private';
  /** File with the key of the pseudonyms; beside the output unless it is given. */
  readonly pseudonymKey?: string;
  /** File with the private key that signs an in-toto statement. */
  readonly key?: string;
}

/** What was written, and where the key of the pseudonyms is; null if there are none. */
export interface WrittenProvenance {
  readonly folder: string;
  readonly files: readonly string[];
  readonly pseudonymKey: string | null;
}

/** Writes a sweep's provenance in a format of others. ARGUMENT_INVALID if the folder is not empty. */
export async function exportProvenance(project: Project, request: ProvenanceRequest): Promise<WrittenProvenance> {
  const folder = resolve(request.output);
  await expectEmpty(folder);
  const write = writerOf(request);
  const keyFile = request.privacy === 'public' ? keyFileOf(request, folder) : null;
  const sweep = await exportedSweep(project, request.sweep);
  const shown = keyFile === null ? sweep : publicSweep(sweep, pseudonymsBy(await pseudonymKey(keyFile)));
  const files = await write(shown);
  await writeExport(folder, files);
  return { folder, files: [...files.keys()].filter((name) => !name.endsWith('/')).sort(), pseudonymKey: keyFile };
}

/** ARGUMENT_INVALID if something is missing that the format needs. */
function writerOf({ format, key }: ProvenanceRequest): (sweep: ExportedSweep) => Promise<ExportFiles> | ExportFiles {
  if (format !== 'in-toto') return exportFormats[format];
  if (key === undefined) {
    throw new DomainError('ARGUMENT_INVALID', '--format in-toto needs --key, a file with an Ed25519 private key');
  }
  return async (sweep) => new Map([[`${sweep.id}.intoto.jsonl`, await signedEnvelope(slsaStatement(sweep), key)]]);
}

/** Never in the export itself, which is handed out. */
function keyFileOf({ pseudonymKey: given }: ProvenanceRequest, folder: string): string {
  const path = resolve(given ?? `${folder}.pseudonym-key`);
  const within = relative(folder, path);
  if (within.startsWith(`..${sep}`)) return path;
  throw new DomainError('ARGUMENT_INVALID', `--pseudonym-key ${path} lies in the export; expected a file outside it`);
}
