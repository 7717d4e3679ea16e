import { DomainError } from './domain-error.js';

const failedAllocation = /^Array buffer allocation failed|^Invalid (typed )?array (buffer )?length/;

/** A failed allocation for a case as OUT_OF_MEMORY, with what to do; any other error unchanged. `where` names a file. */
export function wantOfMemory(error: unknown, where = ''): unknown {
  if (!(error instanceof RangeError) || !failedAllocation.test(error.message)) return error;
  return new DomainError(
    'OUT_OF_MEMORY',
    `${where}there is not enough memory (${error.message}); give it more memory, use fewer modalities, or refuse cases of ` +
      'this size by a smaller preprocessing.maxVoxels',
  );
}
