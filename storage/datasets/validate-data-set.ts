import { dirname } from 'node:path';

import type { DataSetConfig } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { cutOffWarning } from '../../domain/results/cut-off.js';
import { counted } from '../../domain/report/words/format-number.js';
import { splitFault } from '../../domain/split/split-fault.js';
import type { FileDigests } from '../files/file-digests.js';
import type { DataSetLocation } from '../sweeps/sweep-records.js';
import type { CaseFiles, RejectedCase } from './case-files.js';
import { ignoredLabelFault } from './ignored-label.js';
import { bitDepthFindings } from './findings/bit-depths.js';
import { caseFindings, type ReadFindings } from './findings/case-findings.js';
import { listOf, type Finding } from './findings/finding.js';
import { nameFindings } from './findings/name-findings.js';
import { participantFindings } from './findings/participant-findings.js';
import { readParticipants } from './participants.js';
import type { CaseReadingSettings } from './read-case.js';
import { contentDigest, repeatedImages, repeatedMasks } from './findings/repeated-images.js';
import { isUniform, structureFault, absentValues, extentWarnings } from './findings/structure-fault.js';
import { locationWarnings, outsideWarning } from './findings/scan-warnings.js';
import { locateCases } from './scan-cases.js';

export interface ValidatedDataSet {
  /** Number of cases found, including faulty ones. */
  readonly cases: number;
  readonly participants: number;
  readonly findings: readonly Finding[];
}

/** A data set, and how much of the crop its networks predict. */
type ReadableDataSet = DataSetConfig & Pick<CaseReadingSettings, 'upsampling'>;

export interface ValidationRequest {
  readonly dataSet: ReadableDataSet;
  /** Its name in the config, if the data set is one of several structures of the same masks. */
  readonly structure?: string | undefined;
  readonly location: DataSetLocation;
  readonly folds: number;
  /** The folds from `split.file`, or null. */
  readonly importedFolds: readonly (readonly string[])[] | null;
  /** Whether a part of each fold's training cases is set apart for validation. */
  readonly innerValidation: boolean;
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
  const ignored = await ignoredLabelFault(dataSet, location.root);
  const listed = location.participants === undefined ? undefined : await readParticipants(location.participants);
  const known = [...cases.map(({ id }) => id), ...rejected.map(({ id }) => id)];
  const participants = new Set(cases.map(({ participant }) => participant)).size;
  const unsplit = splitFault({ ...request, cases });
  return {
    cases: known.length,
    participants,
    findings: [
      ...rejected.map(({ id, reason }): Finding => ({ severity: 'error', case: id, message: reason })),
      ...(ignored === undefined ? [] : [{ severity: 'error' as const, message: ignored }]),
      ...outsideFindings(cases),
      ...locationFindings(cases),
      ...(await readingFindings(cases, request)),
      ...(await bitDepthFindings(cases)),
      ...(await repeatedImages(cases, request.digests)),
      ...repeatedMasks(await Promise.all(cases.map((own) => maskContent(own, request.digests)))),
      ...nameFindings(
        known,
        cases.map(({ participant }) => participant),
      ),
      ...participantFindings(cases, { known, listed }),
      ...(unsplit === undefined ? [] : [{ severity: 'error' as const, message: unsplit }]),
    ],
  };
}

function locationFindings(cases: readonly CaseFiles[]): Finding[] {
  const warnings = locationWarnings(cases.map(({ outside: _, ...files }) => files));
  return warnings.list().map(({ warning, cases: ids }) => ({
    severity: 'warning',
    message: ids.length === 0 ? warning : `${warning} (${listOf(ids)})`,
  }));
}

async function maskContent({ id, label, labelOutlines }: CaseFiles, digests: FileDigests) {
  return { id, labelOutlines, content: await contentDigest(label, digests) };
}

/** The folders of the files that are outside the data set's own. */
function outsideFindings(cases: readonly CaseFiles[]): Finding[] {
  const ids = cases.filter(({ outside }) => outside !== undefined).map(({ id }) => id);
  if (ids.length === 0) return [];
  const files = new Set(cases.flatMap(({ outside = [] }) => outside));
  const folders = [...new Set([...files].map((file) => dirname(file)))].sort();
  const found = `${outsideWarning}: ${counted(files.size, 'file')} in ${listOf(folders)}`;
  return [{ severity: 'warning', message: `${found} (${listOf(ids)})` }];
}

/** The cases that cannot be read or prepared, and why. */
export async function unusableCases(cases: readonly CaseFiles[], dataSet: ReadableDataSet): Promise<RejectedCase[]> {
  const unusable: RejectedCase[] = [];
  for (const files of cases) {
    const { findings } = await caseFindings(files, dataSet);
    for (const { severity, message } of findings) {
      if (severity === 'error') unusable.push({ id: files.id, reason: message });
    }
  }
  return unusable;
}

async function readingFindings(
  cases: readonly CaseFiles[],
  { dataSet, structure, onCase }: ValidationRequest,
): Promise<Finding[]> {
  const read: { readonly files: CaseFiles; readonly found: ReadFindings }[] = [];
  for (const [index, files] of cases.entries()) {
    read.push({ files, found: await caseFindings(files, dataSet) });
    onCase?.(index + 1, cases.length);
  }
  const extents = read.flatMap(({ files, found: { extent } }) => (extent === undefined ? [] : [{ files, extent }]));
  // The masks that can be read may be the exceptions.
  const isFault = isUniform(extents) && 2 * extents.length > read.length;
  const fault = isFault ? await structureFault(extents, dataSet.label, undefined, structure) : '';
  const cutOff = cutOffWarning(read.flatMap(({ found: { quality } }) => quality ?? []));
  const absent = isFault
    ? undefined
    : absentValues(
        dataSet.label,
        read.map(({ found }) => found),
        structure,
      );
  return [
    ...(isFault ? [{ severity: 'error' as const, message: fault }] : []),
    ...[absent, cutOff].flatMap((message) =>
      message === undefined ? [] : [{ severity: 'warning' as const, message }],
    ),
    ...read.flatMap(({ files: { id }, found: { findings, extent = 'some' } }) => {
      const isUsable = findings.every(({ severity }) => severity === 'warning');
      const ofExtent = isUsable && !isFault ? extentWarnings(extent) : [];
      const warnings = ofExtent.map((message): Finding => ({ severity: 'warning', message }));
      return [...warnings, ...findings].map((finding) => ({ ...finding, case: id }));
    }),
  ];
}

/** The message of a DomainError. Any other error is a bug and is rethrown. */
function messageOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  throw error;
}
