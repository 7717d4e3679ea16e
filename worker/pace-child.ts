/** A process that measures the pace of one arm's training and exits. `volbias plan --cost` starts it. */
import { DomainError } from '../domain/domain-error.js';
import { measureTraining } from '../steps/training/measure-training.js';
import type { PaceMessage, PaceRequest } from './pace-messages.js';

// Without the parent, nothing would receive the result: exit at once.
process.on('disconnect', () => process.exit(1));

process.once('message', (request: PaceRequest) => {
  void work(request);
});

async function work({ content, coordinates }: PaceRequest): Promise<void> {
  try {
    const pace = await measureTraining(content, coordinates);
    await send({ type: 'pace', pace, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 });
  } catch (error) {
    if (error instanceof DomainError) await send({ type: 'refused', code: error.code, message: error.message });
    else throw error;
  }
  process.removeAllListeners('disconnect');
  process.disconnect();
}

function send(message: PaceMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('a measuring process is started by "volbias plan --cost"');
    process.send(message, undefined, {}, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
