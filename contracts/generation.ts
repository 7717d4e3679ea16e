/**
 * The generation of the workflows: versions of the same generation resume each other's sweeps. Raise it when the
 * workflows can no longer replay the histories in test/replay/. It is part of every workflow id and task queue, so a
 * sweep that an older generation started begins anew and takes what was already computed from the store. Otherwise
 * Temporal would retry the old history forever, and the sweep would hang.
 */
export const generation = 3;
