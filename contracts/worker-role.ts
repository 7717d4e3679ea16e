/** What a worker takes: everything that prepares and decides, the trainings and evaluations, or all of it. */
export const workerRoles = ['all', 'data', 'training'] as const;

export type WorkerRole = (typeof workerRoles)[number];
