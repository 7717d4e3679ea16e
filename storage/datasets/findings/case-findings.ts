import type { DataSetConfig } from '../../../configs/config-schema.js';
import { DomainError } from '../../../domain/domain-error.js';
import { preprocessCase, type CaseQuality } from '../../../domain/preprocess/preprocess-case.js';
import { countStructure } from '../../../domain/preprocess/mask/mask.js';
import { wantOfMemory } from '../../../domain/want-of-memory.js';
import type { CaseFiles } from '../case-files.js';
import { CaseRemarks, remarkText } from '../case-remarks.js';
import { readCase, type CaseReadingSettings } from '../read-case.js';
import { imageWarnings, qualityWarnings, unpredictableWarnings } from './case-warnings.js';
import type { Finding } from './finding.js';
import { caseHeaders } from './header-findings.js';
import { extentOf, type StructureExtent } from './structure-fault.js';

export interface ReadFindings {
  readonly findings: readonly Finding[];
  /** Undefined if the mask could not be read. */
  readonly extent: StructureExtent | undefined;
  /** Undefined if the case could not be prepared. */
  readonly quality: CaseQuality | undefined;
  /** The values of `label.anyOf` that the mask has; undefined if it could not be read. */
  readonly structureValues: readonly number[] | undefined;
}

/** Reads and prepares a case as a sweep would; an error if that fails, and warnings of all that is odd about it. */
export async function caseFindings(
  files: CaseFiles,
  dataSet: DataSetConfig & Pick<CaseReadingSettings, 'upsampling'>,
): Promise<ReadFindings> {
  const errors: string[] = [];
  const warnings: string[] = [];
  let extent: StructureExtent | undefined;
  let quality: CaseQuality | undefined;
  let structureValues: readonly number[] | undefined;
  const remarks = new CaseRemarks();
  try {
    const read = await readCase(files, dataSet, { remarks });
    structureValues = read.structureValues;
    extent = extentOf(countStructure(read.label.map), read.label.map.grid.shape);
    const prepared = preprocessCase(read);
    quality = prepared.quality;
    warnings.push(
      ...unpredictableWarnings(quality),
      ...imageWarnings(quality, prepared.grid, read),
      ...qualityWarnings({ ...quality, nonFiniteVoxels: read.nonFiniteVoxels }),
    );
  } catch (cause) {
    const error = wantOfMemory(cause);
    // Even a bug must not lose the findings of all other cases.
    errors.push(error instanceof DomainError ? error.message : `unexpected error: ${String(error)}`);
    // What else is wrong would otherwise show only once this is mended.
    errors.push(...(await caseHeaders(files, dataSet).catch(() => ({ faults: [] }))).faults);
  }
  const findings = [
    ...[...new Set(errors)].map((message): Finding => ({ severity: 'error', message })),
    // What is odd about the files is often why they cannot be read or prepared.
    ...[...remarks.list().map(remarkText), ...warnings].map((message): Finding => ({ severity: 'warning', message })),
  ];
  return { findings, extent, quality, structureValues };
}
