import { randomStream, shuffled } from '../random/random-stream.js';

/**
 * The batches of an epoch: every case once, shuffled by the stream (…streamName, epoch, 'order'). The last batch is
 * smaller if `batchSize` does not divide the number of cases. The name contains neither model nor loss, so all arms of
 * a fold see the cases in the same order.
 */
export function epochBatches<T>(
  cases: readonly T[],
  options: {
    readonly streamName: readonly (string | number)[];
    readonly epoch: number;
    readonly batchSize: number;
  },
): readonly (readonly T[])[] {
  const { streamName, epoch, batchSize } = options;
  const order = shuffled(cases, randomStream(...streamName, epoch, 'order'));
  return Array.from({ length: Math.ceil(order.length / batchSize) }, (_, index) =>
    order.slice(index * batchSize, (index + 1) * batchSize),
  );
}
