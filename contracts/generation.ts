/**
 * The generation of the workflows. Raise it when the workflows can no longer replay the histories in test/replay/, or
 * read their payloads, or if those of an older program could not replay theirs. It is part of every release (see steps/pipeline.ts), so a sweep that an older generation started
 * begins anew and takes what was already computed from the store.
 */
export const generation = 6;
