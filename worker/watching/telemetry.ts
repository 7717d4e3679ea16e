import type { TelemetryOptions } from '@temporalio/worker';

import type { UnitObserver } from '../../activities/unit-observer.js';
import { availableMemory } from '../../storage/machine/available-memory.js';
import type { WorkerSettings } from '../settings.js';
import { histogramBuckets, type WorkerMetrics } from './worker-metrics.js';

const millisecondsBetweenLooks = 2000;

/** The SDK's messages go to the worker's log; its metrics, if an address is given, to that. */
export function telemetryOf(metricsAddress: string | undefined): TelemetryOptions {
  const logging = { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } as const;
  if (metricsAddress === undefined) return { logging };
  const prometheus = {
    bindAddress: metricsAddress,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
    histogramBucketOverrides: histogramBuckets,
  };
  return { logging, metrics: { prometheus } };
}

/** Both are told what becomes of units. */
export function observers(metrics: WorkerMetrics, log: UnitObserver): UnitObserver {
  return {
    began: (...what) => {
      metrics.began(...what);
      log.began(...what);
    },
    ended: (...what) => {
      metrics.ended(...what);
      log.ended(...what);
    },
    unrecorded: (...what) => {
      log.unrecorded(...what);
    },
  };
}

/** Looks every two seconds how much memory is free, if anybody can see it. The returned function ends that. */
export function measureMemory({ metricsAddress }: WorkerSettings, metrics: WorkerMetrics): () => void {
  if (metricsAddress === undefined) return () => undefined;
  const look = (): void => {
    metrics.memory(availableMemory());
  };
  look();
  const timer = setInterval(look, millisecondsBetweenLooks);
  return () => {
    clearInterval(timer);
  };
}
