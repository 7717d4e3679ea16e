import type { MetricMeter, MetricTags } from '@temporalio/common';

import type { ComputeJob } from '../../activities/activity-context.js';
import type { ObservedUnit, UnitEnd } from '../../activities/unit-observer.js';
import type { JobProgress } from '../../contracts/job-progress.js';
import type { AvailableMemory } from '../../storage/machine/available-memory.js';

/** Upper bounds in seconds: epochs and units take from milliseconds to days. */
const seconds = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

/** The buckets of the histograms, by their names. */
export const histogramBuckets = {
  volbias_epoch_seconds: seconds,
  volbias_unit_seconds: seconds,
  volbias_queue_seconds: seconds,
};

/** What a worker counts and measures besides what the SDK does. */
export interface WorkerMetrics {
  began(unit: ObservedUnit, queueSeconds: number): void;
  ended(unit: ObservedUnit, end: UnitEnd, seconds: number): void;
  /** `now` and `peakBytes`: the time in milliseconds, and the largest memory that the job's process has used. */
  progress(job: ComputeJob, progress: JobProgress, at: { readonly now: number; readonly peakBytes: number }): void;
  memory(available: AvailableMemory): void;
}

/**
 * The metrics of a worker. Their labels are steps, models, losses and kinds of failure, which are few: folds and data sets
 * would make a series each, and cases are nobody's business.
 */
export function workerMetrics(meter: MetricMeter): WorkerMetrics {
  const units = meter.createCounter('volbias_units', undefined, 'Units that have ended here, by result');
  const failures = meter.createCounter('volbias_failures', undefined, 'Failures by kind; retried: it is tried again');
  const unitSeconds = meter.createHistogram('volbias_unit_seconds', 'float', undefined, 'Time that a unit has taken');
  const queueSeconds = meter.createHistogram(
    ...(['volbias_queue_seconds', 'float', undefined, 'Time that a unit has waited for a worker'] as const),
  );
  const epochSeconds = meter.createHistogram('volbias_epoch_seconds', 'float', undefined, 'Time of an epoch');
  const loss = meter.createGauge(
    'volbias_training_loss',
    'float',
    undefined,
    'Loss of the last step that was reported',
  );
  const validationLoss = meter.createGauge(
    ...([
      'volbias_validation_loss',
      'float',
      undefined,
      'Validation loss of the last epoch that was reported',
    ] as const),
  );
  const peak = meter.createGauge('volbias_peak_memory_bytes', 'int', undefined, 'Largest memory of a process');
  const free = meter.createGauge('volbias_free_memory_bytes', 'int', undefined, 'Memory that can still be had here');
  const total = meter.createGauge(
    'volbias_total_memory_bytes',
    'int',
    undefined,
    'Memory that can be had here at most',
  );

  const peaks = new Map<string, number>();
  /** The epoch that a training is in, and when it was first seen in it. */
  const epochs = new Map<string, { readonly epoch: number; readonly since: number }>();

  function noteEpoch({ request }: ComputeJob, epoch: number, now: number, tags: MetricTags): void {
    const before = epochs.get(request.key);
    if (before !== undefined && epoch <= before.epoch) return;
    epochs.set(request.key, { epoch, since: now });
    if (before === undefined) return;
    // Of epochs shorter than the time between two reports, the mean is known.
    const count = epoch - before.epoch;
    for (let nth = 0; nth < count; nth++) epochSeconds.record((now - before.since) / 1000 / count, tags);
  }

  return {
    began: ({ step }, waited) => {
      queueSeconds.record(Math.max(0, waited), { step });
    },
    ended: ({ step, key }, end, took) => {
      epochs.delete(key);
      units.add(1, { step, result: end.result });
      unitSeconds.record(took, { step });
      if (end.result === 'failed') failures.add(1, { step, kind: end.kind, retried: end.retried });
    },
    progress: (job, { phase, done, loss: latest, validationLoss: validated }, { now, peakBytes }) => {
      const { model = '', loss: lossName = '' } = job.request.coordinates;
      const arm = { model, loss: lossName };
      const shape = JSON.stringify([job.step, arm]);
      peaks.set(shape, Math.max(peakBytes, peaks.get(shape) ?? 0));
      peak.set(peaks.get(shape) ?? 0, { step: job.step, ...arm });
      if (phase !== 'epoch') return;
      noteEpoch(job, done, now, arm);
      if (latest !== undefined) loss.set(latest, arm);
      if (validated !== undefined) validationLoss.set(validated, arm);
    },
    memory: (available) => {
      free.set(available.free);
      total.set(available.total);
    },
  };
}
