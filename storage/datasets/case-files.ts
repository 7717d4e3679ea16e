import { DomainError } from '../../domain/domain-error.js';
import type { Outline } from '../../domain/image/fill-outlines.js';

/** Where the files of one case are, before any of them has been opened. */
export interface CaseFiles {
  readonly id: string;
  /** The grouping unit of folds; the case's own id where nothing else is known. */
  readonly participant: string;
  /** In the order of the modalities that were asked for. */
  readonly images: readonly ImageFile[];
  readonly label: string;
  /** Outlines of the structure in pixels of the image, where `label` is a file of outlines and not an image. */
  readonly labelOutlines?: readonly Outline[];
  /** Something that a user should know of this case although it can be used. */
  readonly warning?: string;
}

export interface ImageFile {
  readonly modality: string;
  readonly path: string;
  /** Entry of the file's fourth axis, counted from 0, where one file holds several modalities. */
  readonly channel?: number;
}

export interface RejectedCase {
  readonly id: string;
  readonly reason: string;
}

export interface LayoutOptions {
  /** Names of the input channels, in the order in which networks see them. */
  readonly modalities: readonly string[];
  /** Participant of each case id; where given, every case must be in it. */
  readonly participants?: ReadonlyMap<string, string>;
  /** What the label file's structures are called, where it has several. */
  readonly labelTitle?: string;
  /** Takes what is wrong with a case, which is then left out; without it one error lists all faulty cases. */
  readonly onRejected?: (rejected: RejectedCase) => void;
}

/** Finds the cases of a data set below its root; sorted by id. One file of this folder for each layout. */
export type FindCases = (root: string, options: LayoutOptions) => Promise<CaseFiles[]>;

export function dataSetInvalid(root: string, reason: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('DATA_SET_INVALID', `data set ${root}: ${reason}`, { root, ...details });
}
