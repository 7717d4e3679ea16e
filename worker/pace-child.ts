/** A process that measures the pace of one arm's training and exits. `volbias plan --cost` starts it. */
import { measureTraining } from '../steps/training/measure-training.js';
import { answerOnce, sendToParent } from './answer-once.js';
import type { PaceMessage, PaceRequest } from './pace-messages.js';

answerOnce(async ({ content, coordinates }: PaceRequest) => {
  const pace = await measureTraining(content, coordinates);
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  await sendToParent({ type: 'pace', pace, peakMemoryBytes } satisfies PaceMessage);
});
