import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { MetricMeter, MetricTags } from '@temporalio/common';

import type { ComputeJob } from '../../activities/activity-context.js';
import { workerMetrics, type WorkerMetrics } from '../../worker/watching/worker-metrics.js';

/** A meter that keeps what it is told of. */
function keepingMeter(): { meter: MetricMeter; told: [string, number, MetricTags | undefined][] } {
  const told: [string, number, MetricTags | undefined][] = [];
  const metric = (name: string): object => {
    const tell = (value: number, tags?: MetricTags): void => void told.push([name, value, tags]);
    return { add: tell, record: tell, set: tell };
  };
  const meter = { createCounter: metric, createHistogram: metric, createGauge: metric } as unknown as MetricMeter;
  return { meter, told };
}

const job = {
  ...{ step: 'train', unit: 'train flat/lr/ce/fold-1', stallSeconds: 1, numerics: undefined },
  request: { coordinates: { dataSet: 'flat', model: 'lr', loss: 'ce', fold: 1 }, key: 'a'.repeat(64) },
} as unknown as ComputeJob;

function trained(report: (metrics: WorkerMetrics) => void): [string, number, MetricTags | undefined][] {
  const { meter, told } = keepingMeter();
  report(workerMetrics(meter));
  return told;
}

const epoch = (metrics: WorkerMetrics, done: number, now: number, peakBytes = 0): void => {
  metrics.progress(job, { unit: job.unit, phase: 'epoch', done, total: 9, loss: 0.5 }, { now, peakBytes });
};

describe('the metrics of a worker', () => {
  it('have the time of each epoch that was begun and ended, by arm', () => {
    const told = trained((metrics) => {
      for (const [done, now] of [
        [3, 500],
        [3, 900],
        [4, 2500],
        [4, 2600],
        [5, 3000],
      ] as const) {
        epoch(metrics, done, now);
      }
    });
    const arm = { model: 'lr', loss: 'ce' };
    assert.deepEqual(
      told.filter(([name]) => name === 'volbias_epoch_seconds'),
      [
        ['volbias_epoch_seconds', 2, arm],
        ['volbias_epoch_seconds', 0.5, arm],
      ],
    );
    assert.deepEqual(told.find(([name]) => name === 'volbias_training_loss')?.slice(1), [0.5, arm]);
  });

  it('have the mean of epochs that are shorter than the time between two reports', () => {
    const told = trained((metrics) => {
      epoch(metrics, 1, 0);
      epoch(metrics, 5, 400);
    });
    const times = told.filter(([name]) => name === 'volbias_epoch_seconds').map(([, value]) => value);
    assert.deepEqual(times, [0.1, 0.1, 0.1, 0.1]);
  });

  it('do not count the time between two attempts', () => {
    const unit = { step: 'train', unit: job.unit, key: job.request.key, dataSet: undefined, attempt: 1 };
    const told = trained((metrics) => {
      epoch(metrics, 1, 0);
      metrics.ended(unit, { result: 'failed', kind: 'Killed', retried: true, error: undefined }, 1);
      epoch(metrics, 2, 60_000);
    });
    assert.ok(!told.some(([name]) => name === 'volbias_epoch_seconds'));
    const failures = told.filter(([name]) => name === 'volbias_failures');
    assert.deepEqual(failures, [['volbias_failures', 1, { step: 'train', kind: 'Killed', retried: true }]]);
  });

  it('have the largest memory that a process of an arm has used', () => {
    const told = trained((metrics) => {
      epoch(metrics, 1, 0, 100);
      epoch(metrics, 1, 1, 40);
    });
    const peaks = told.filter(([name]) => name === 'volbias_peak_memory_bytes').map(([, value]) => value);
    assert.deepEqual(peaks, [100, 100]);
  });
});
