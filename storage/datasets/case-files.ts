import { DomainError } from '../../domain/domain-error.js';
import type { Outline } from '../../domain/image/fill-outlines.js';

/** The files of one case, before any of them has been opened. */
export interface CaseFiles {
  readonly id: string;
  /** The grouping unit of folds; the case's own id if nothing else is known. */
  readonly participant: string;
  /** In the order of the requested modalities. */
  readonly images: readonly ImageFile[];
  readonly label: string;
  /** Outlines of the structure in pixels of the image, if `label` is a file of outlines and not an image. */
  readonly labelOutlines?: readonly Outline[];
  /** Something that a user should know about this case, although it can be used. */
  readonly warning?: string;
  /** Something that a user should know about the data set as a whole; each of its cases has it. */
  readonly dataSetWarning?: string;
  /** Its files outside the data set's folder, without symbolic links; absent if there are none. */
  readonly outside?: readonly string[];
}

export interface ImageFile {
  readonly modality: string;
  readonly path: string;
  /** Index on the file's fourth axis, from 0, if one file contains several modalities. */
  readonly channel?: number;
}

export interface RejectedCase {
  readonly id: string;
  readonly reason: string;
}

export interface LayoutOptions {
  /** Names of the input channels, in the order in which networks see them. */
  readonly modalities: readonly string[];
  /** Participant of each case id; if given, it must contain every case. */
  readonly participants?: ReadonlyMap<string, string>;
  /** Title of the structure in the label file, if the file has several structures. */
  readonly labelTitle?: string;
  /** Folders of images and masks, in the data set's folder or anywhere, for layouts that have them. */
  readonly folders?: { readonly images?: string | undefined; readonly masks?: string | undefined };
  /** Receives each faulty case, which is then left out; without it, one error lists all faulty cases. */
  readonly onRejected?: (rejected: RejectedCase) => void;
}

/** Finds the cases of a data set below its root; sorted by id. Each layout has a file in layouts/. */
export type FindCases = (root: string, options: LayoutOptions) => Promise<CaseFiles[]>;

export function dataSetInvalid(root: string, reason: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('DATA_SET_INVALID', `data set ${root}: ${reason}`, { root, ...details });
}
