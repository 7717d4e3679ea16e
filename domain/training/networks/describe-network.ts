import { DomainError } from '../../domain-error.js';
import { convnet } from './convnet.js';
import { lr } from './lr.js';
import type { Network, NetworkChoice } from './network.js';
import { unet } from './unet.js';

const descriptions = { lr, convnet, unet } as const;

/** Builds the network for a choice. Throws ARGUMENT_INVALID unless `channels` is a whole number of at least 1. */
export function describeNetwork(choice: NetworkChoice): Network {
  if (!Number.isInteger(choice.channels) || choice.channels < 1) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `a network needs a whole number of at least one channel, but got ${String(choice.channels)}`,
    );
  }
  return descriptions[choice.model](choice);
}
