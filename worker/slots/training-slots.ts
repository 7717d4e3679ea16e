import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit, WorkerOptions } from '@temporalio/worker';

import type { MemoryAdmission } from './memory-admission.js';

/** How often it is seen whether trainings still wait for memory; a slot that is given back is seen at once. */
const millisecondsBetweenLooks = 250;

/**
 * Takes trainings from the queue, at most so many at a time, and none while one that was taken waits for memory: it
 * would wait as well, and another worker may have more.
 */
function trainingSlots(most: number, admission: MemoryAdmission): CustomSlotSupplier<ActivitySlotInfo> {
  const looks = new Set<() => void>();
  let reserved = 0;
  const take = (): SlotPermit | null => {
    if (reserved >= most || admission.isCrowded()) return null;
    reserved++;
    return {};
  };
  return {
    type: 'custom',
    tryReserveSlot: take,
    reserveSlot: (_, signal) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const permit = take();
          if (permit === null) return;
          end();
          resolve(permit);
        };
        const give = (): void => {
          end();
          reject(Object.assign(new Error('no longer needed'), { name: 'AbortError' }));
        };
        const timer = setInterval(look, millisecondsBetweenLooks);
        const end = (): void => {
          clearInterval(timer);
          looks.delete(look);
          signal.removeEventListener('abort', give);
        };
        signal.addEventListener('abort', give);
        looks.add(look);
        look();
      }),
    markSlotUsed: () => undefined,
    releaseSlot: () => {
      reserved--;
      for (const look of [...looks]) look();
    },
  };
}

/** The tuner of a worker that takes nothing but trainings and evaluations. */
export function trainingTuner(most: number, admission: MemoryAdmission): NonNullable<WorkerOptions['tuner']> {
  const none = { type: 'fixed-size', numSlots: 1 } as const;
  return {
    activityTaskSlotSupplier: trainingSlots(most, admission),
    // It has no workflows, local activities or Nexus operations.
    workflowTaskSlotSupplier: none,
    localActivityTaskSlotSupplier: none,
    nexusTaskSlotSupplier: none,
  };
}
