/**
 * The generation of the workflows: versions of one generation resume each other's sweeps. Raise it when the workflows
 * change so that they cannot replay the histories in test/replay/. It is part of every workflow id and task queue, so a
 * sweep that an older generation started begins anew and takes from the store what that one has computed; without it,
 * Temporal would retry the old history for ever, and the sweep would hang.
 */
export const generation = 3;
