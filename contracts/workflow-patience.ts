/**
 * How long a step of a workflow may take, in Temporal's words. A sweep of thousands of units needs seconds of a processor
 * that trainings use as well. By default Temporal gives a step to another worker after 10 seconds, and aborts the worker's
 * thread after 5.
 */
export const workflowPatience = '1 minute';
