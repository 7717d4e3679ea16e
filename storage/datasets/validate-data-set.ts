import type { DataSetConfig } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { preprocessCase } from '../../domain/preprocess/preprocess-case.js';
import { checkedFolds } from '../../domain/split/checked-folds.js';
import type { FileDigests } from '../files/file-digests.js';
import type { DataSetLocation } from '../sweeps/sweep-records.js';
import type { CaseFiles, RejectedCase } from './case-files.js';
import { participantFindings } from './participant-findings.js';
import { readParticipants } from './participants.js';
import { readCase } from './read-case.js';
import { repeatedImages } from './repeated-images.js';
import { locateCases, warningsOf } from './scan-cases.js';

/** A fault of a data set (error), or something to know about it (warning). */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** Undefined if the finding concerns the data set as a whole. */
  readonly case?: string;
  readonly message: string;
}

export interface ValidatedDataSet {
  /** Number of cases found, including faulty ones. */
  readonly cases: number;
  readonly participants: number;
  readonly findings: readonly Finding[];
}

export interface ValidationRequest {
  readonly dataSet: DataSetConfig;
  readonly location: DataSetLocation;
  readonly folds: number;
  /** The folds from `split.file`, or null. */
  readonly importedFolds: readonly (readonly string[])[] | null;
  readonly digests: FileDigests;
  readonly onCase?: (done: number, total: number) => void;
}

/**
 * Reads every case of a data set as a sweep would, and lists every problem. Writes nothing. Undefined for a phantom
 * that has not been drawn yet.
 */
export async function validateDataSet(request: ValidationRequest): Promise<ValidatedDataSet | undefined> {
  const { dataSet, location } = request;
  const rejected: RejectedCase[] = [];
  let cases: readonly CaseFiles[] | undefined;
  try {
    cases = await locateCases(dataSet, location, (one) => {
      rejected.push(one);
      return undefined;
    });
  } catch (error) {
    return { cases: 0, participants: 0, findings: [{ severity: 'error', message: messageOf(error) }] };
  }
  if (cases === undefined) return undefined;
  const listed = location.participants === undefined ? undefined : await readParticipants(location.participants);
  const known = [...cases.map(({ id }) => id), ...rejected.map(({ id }) => id)];
  const participants = new Set(cases.map(({ participant }) => participant)).size;
  return {
    cases: known.length,
    participants,
    findings: [
      ...rejected.map(({ id, reason }): Finding => ({ severity: 'error', case: id, message: reason })),
      ...warningsOf(cases).map(({ warning, cases: ids }): Finding => ({
        severity: 'warning',
        message: `${warning} (${named(ids)})`,
      })),
      ...(await readingFindings(cases, request)),
      ...(await repeatedImages(cases, request.digests)),
      ...participantFindings(cases, { known, listed }),
      ...foldFindings(cases, participants, request),
    ],
  };
}

/** The cases that cannot be read or prepared, and why. */
export async function unusableCases(cases: readonly CaseFiles[], dataSet: DataSetConfig): Promise<RejectedCase[]> {
  const unusable: RejectedCase[] = [];
  for (const files of cases) {
    const findings = await caseFindings(files, dataSet);
    for (const { severity, message } of findings) {
      if (severity === 'error') unusable.push({ id: files.id, reason: message });
    }
  }
  return unusable;
}

async function readingFindings(
  cases: readonly CaseFiles[],
  { dataSet, onCase }: ValidationRequest,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [index, files] of cases.entries()) {
    findings.push(...(await caseFindings(files, dataSet)).map((finding) => ({ ...finding, case: files.id })));
    onCase?.(index + 1, cases.length);
  }
  return findings;
}

async function caseFindings(files: CaseFiles, dataSet: DataSetConfig): Promise<Finding[]> {
  try {
    const { nonFiniteVoxels, ...raw } = await readCase(files, dataSet);
    const { quality } = preprocessCase(raw);
    const warnings: string[] = [];
    if (quality.structureVoxelsBefore === 0) warnings.push('its mask is empty');
    else if (quality.structureVoxelsAfter === 0) warnings.push('resampling removes its whole structure');
    if (quality.croppedAwayStructureVoxels > 0) {
      const { croppedAwayStructureVoxels: cut, structureVoxelsAfter: all } = quality;
      warnings.push(`the crop cuts off ${cut} of ${all} voxels of the structure, which biases its volume`);
    }
    for (const [channel, modality] of dataSet.modalities.entries()) {
      const range = quality.intensities[channel];
      if (range !== undefined && range.lowest === range.highest) {
        warnings.push(`${modality} is ${range.lowest} at every voxel, so it contains no information`);
      }
    }
    for (const { modality, outsideVoxels } of quality.aligned ?? []) {
      const beyond = outsideVoxels === 0 ? '' : `; ${outsideVoxels} voxels outside its field of view become 0`;
      warnings.push(`${modality} is interpolated onto the grid of the first modality${beyond}`);
    }
    if (nonFiniteVoxels > 0) warnings.push(`${nonFiniteVoxels} voxels are NaN or infinite and become 0`);
    return warnings.map((message) => ({ severity: 'warning', message }));
  } catch (error) {
    return [{ severity: 'error', message: messageOf(error) }];
  }
}

function foldFindings(
  cases: readonly CaseFiles[],
  participants: number,
  { folds, importedFolds }: ValidationRequest,
): Finding[] {
  if (importedFolds !== null) {
    try {
      checkedFolds(importedFolds, cases);
      return [];
    } catch (error) {
      return [{ severity: 'error', message: messageOf(error) }];
    }
  }
  if (participants >= folds) return [];
  const message = `${folds} folds need at least as many participants, but the data set has only ${participants} usable ones`;
  return [{ severity: 'error', message }];
}

/** The message of a DomainError. Any other error is a bug and is rethrown. */
function messageOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  throw error;
}

function named(ids: readonly string[]): string {
  const more = ids.length > 6 ? ` and ${ids.length - 6} more` : '';
  return ids.slice(0, 6).join(', ') + more;
}
