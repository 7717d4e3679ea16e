import { DomainError } from '../../domain/domain-error.js';
import type { Outline } from '../../domain/image/fill-outlines.js';
import { listOf } from './findings/finding.js';
import { dataSetInvalid, type CaseFiles, type ImageFile, type LayoutOptions, type RejectedCase } from './case-files.js';
import type { DataSetFolder } from './data-set-folder.js';
import { filesOfImage } from '../images/files-of-image.js';

/** A file that a case needs: its path if it was found, and its description for messages. */
export interface Needed {
  readonly path: string | undefined;
  readonly lookedFor: string;
}

export interface Candidate {
  readonly id: string;
  readonly images: readonly (Needed & { readonly modality: string; readonly channel?: number })[];
  readonly label: Needed;
  readonly labelOutlines?: readonly Outline[];
  /** Set if the layout itself determines it; a participants file overrides it. */
  readonly participant?: string;
  readonly warning?: string;
}

const longestId = 300;

/** Why a case id cannot be used, or undefined. Ids become file names and lines in reports. */
function caseIdProblem(id: string): string | undefined {
  if (id.trim().length === 0 || id === '.' || id === '..') return 'is no usable name';
  // As a key of an object it would be lost.
  if (id === '__proto__') return 'is reserved in JavaScript';
  if (id.length > longestId) return `is longer than ${longestId} characters`;
  if (/[/\\]/.test(id)) return 'contains a path separator';
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(id)) return 'contains a control character';
  return undefined;
}

/**
 * Collects the cases of a data set and their faults, so that one error can list every faulty case, not only the first.
 */
export class CaseCollection {
  private readonly cases = new Map<string, CaseFiles>();
  private readonly rejected: RejectedCase[] = [];
  private readonly foundTwice = new Set<string>();
  private readonly unread: string[] = [];

  constructor(
    private readonly folder: DataSetFolder,
    private readonly options: LayoutOptions,
  ) {}

  /** Records a case that cannot be used. */
  reject(id: string, reason: string): void {
    this.rejected.push({ id: id.slice(0, longestId), reason });
  }

  /** Records files and folders that might be cases, but that the layout does not read; without any, nothing. */
  leaveUnread(names: readonly string[]): void {
    this.unread.push(...names);
  }

  /** Adds a case if all its files exist and are readable, else records why not. Looks up its participant. */
  async offer({ id, images, label, participant: known, ...rest }: Candidate): Promise<void> {
    const found: ImageFile[] = images.flatMap(({ path, modality, channel }) =>
      path === undefined ? [] : [{ modality, path, ...(channel === undefined ? {} : { channel }) }],
    );
    const missing = [...images, label].filter(({ path }) => path === undefined).map(({ lookedFor }) => lookedFor);
    const participant = this.options.participants === undefined ? (known ?? id) : this.options.participants.get(id);
    const other = this.cases.get(id);
    const idProblem = caseIdProblem(id);
    if (idProblem !== undefined) this.reject(id, `its id ${idProblem}`);
    else if (missing.length > 0 || label.path === undefined) this.reject(id, `missing: ${missing.join(', ')}`);
    else if (other !== undefined) {
      // It is unknown which of the two is meant, so neither is used.
      this.foundTwice.add(id);
      this.reject(id, `${foundTwice}: ${other.label} and ${label.path}`);
    } else if (participant === undefined) this.reject(id, unlisted);
    else {
      try {
        const outside = await this.filesOutside([...found.map(({ path }) => path), label.path]);
        const files = { id, participant, images: found, label: label.path, ...rest };
        this.cases.set(id, outside.length === 0 ? files : { ...files, outside });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        this.reject(id, error.message);
      }
    }
  }

  /**
   * The cases, sorted by id. DATA_SET_INVALID with all problems if there are any (unless `onRejected` receives them),
   * and if there is no case at all.
   */
  finish(lookedFor: string): CaseFiles[] {
    const { root } = this.folder;
    const { onRejected } = this.options;
    if (onRejected !== undefined) this.rejected.forEach(onRejected);
    else if (this.rejected.length > 0) throw faulty(root, this.rejected);
    const unread = this.unread.length === 0 ? [] : [`not read: ${listOf(this.unread)}`];
    if (this.cases.size === 0 && this.rejected.length === 0) {
      throw dataSetInvalid(root, [`no case found; looked for ${lookedFor}`, ...unread].join('; '));
    }
    const once = [...this.cases.values()].filter(({ id }) => !this.foundTwice.has(id));
    const [dataSetWarning] = unread.map((one) => `${one}; expected ${lookedFor}`);
    const warned = once.map((files) => (dataSetWarning === undefined ? files : { ...files, dataSetWarning }));
    return warned.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Those of the images' files that are outside the data set's folder. Throws for the first that cannot be read. */
  private async filesOutside(paths: readonly string[]): Promise<string[]> {
    const all = new Set((await Promise.all(paths.map(filesOfImage))).flat());
    const found = await Promise.all([...all].map((path) => this.folder.find(path)));
    return found.flatMap(({ outside }) => outside ?? []);
  }
}

const unlisted = 'the participants file does not name it';
const foundTwice = 'found twice';

/** How to go on without faulty cases. */
export const excludeHint = 'onInvalidCase: exclude in the data set leaves faulty cases out, and names them';

/** What to do about cases that are faulty for these reasons. Those that only want a line in a table are not better left out. */
export function remediesOf(reasons: readonly string[]): string[] {
  const [areUnlisted, areTwice] = [unlisted, foundTwice].map((words) => reasons.some((one) => one.startsWith(words)));
  const areOthers = reasons.some((one) => !one.startsWith(unlisted) && !one.startsWith(foundTwice));
  return [
    ...(areUnlisted ? ['Complete the participants file: it needs a row for each case'] : []),
    ...(areTwice ? ['Keep one row, or one pair of files, of each case that is found twice'] : []),
    ...(areOthers ? [excludeHint] : []),
  ];
}

/** One error that lists every faulty case. */
export function faulty(root: string, rejected: readonly RejectedCase[]): DomainError {
  const problems = rejected.map(({ id, reason }) => `case ${JSON.stringify(id)}: ${reason}`);
  const remedies = remediesOf(rejected.map(({ reason }) => reason)).join('\n');
  const count = problems.length === 1 ? 'one case is' : `${problems.length} cases are`;
  return dataSetInvalid(root, `${count} faulty:\n  ${problems.join('\n  ')}\n${remedies}`, { problems });
}
