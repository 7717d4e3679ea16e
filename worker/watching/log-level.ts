/** How much a worker's log has; each level includes those after it. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type WorkerLogLevel = (typeof logLevels)[number];
