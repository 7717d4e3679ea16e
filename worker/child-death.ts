import { DomainError } from '../domain/domain-error.js';
import { endOfText } from '../storage/files/log-text.js';
import { memoryInWords } from '../storage/machine/memory.js';

/** How a child ended that gave no result. */
export interface ChildDeath {
  /** The seconds without progress after which it was killed for that; undefined if it was not. */
  readonly stalledSeconds: number | undefined;
  readonly code: number | null;
  readonly signal: string | null;
  /** The last case that it began. */
  readonly caseId: string | undefined;
  /** The largest memory that it was seen to use. */
  readonly peakBytes: number;
  /** Whether the kernel has killed a process for want of memory while the child ran. */
  readonly kernelRanOutOfMemory: boolean;
}

/** What V8, the C++ library and TensorFlow write when they cannot get memory. */
const memoryWords = /heap out of memory|bad_alloc|RESOURCE_EXHAUSTED|ResourceExhausted|OOM when allocating/;

/** Whether an error says that TensorFlow or V8 could get no memory. */
export function isWantOfMemory(error: unknown): boolean {
  return error instanceof Error && memoryWords.test(error.message);
}

/** The error for a death: OUT_OF_MEMORY, STALLED, KILLED or CHILD_FAILED. */
export function errorOfDeath(unit: string, death: ChildDeath, log: string): DomainError {
  const { stalledSeconds, code, signal, caseId, peakBytes } = death;
  const where = caseId === undefined ? '' : ` at case "${caseId}"`;
  const of = (how: string): string => `the process of ${unit} ${how}${where}; its log is ${log}`;
  if (stalledSeconds !== undefined) {
    return new DomainError('STALLED', of(`made no progress for ${stalledSeconds.toFixed(0)} s and was killed`));
  }
  const killed = signal === 'SIGKILL' && death.kernelRanOutOfMemory;
  if (killed || (signal === 'SIGABRT' && memoryWords.test(endOfText(log, 4096)))) {
    return new DomainError('OUT_OF_MEMORY', of(`ran out of memory (${memoryInWords(peakBytes)})`));
  }
  if (signal !== null) return new DomainError('KILLED', of(`was killed by ${signal}`));
  return new DomainError('CHILD_FAILED', of(`ended with exit code ${String(code)}`));
}
