/** Names of arguments that name a sweep: a beginning that no other sweep has will do. */
export const sweepArguments: readonly string[] = ['sweep', 'other', 'before', 'now'];
