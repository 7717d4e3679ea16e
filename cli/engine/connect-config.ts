import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';

import { DomainError } from '../../domain/domain-error.js';

/**
 * How Temporal is reached, from its environment variables and config file. ARGUMENT_INVALID, naming file and variable, if
 * what they name cannot be read.
 */
export function connectConfig(): ClientConnectConfig {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const path = 'path' in error ? error.path : undefined;
    const names = Object.keys(process.env).filter((name) => name.startsWith('TEMPORAL_') && process.env[name] === path);
    const where = names.length > 0 ? names.join(', ') : 'the TEMPORAL_… variables and Temporal’s config file';
    throw new DomainError(
      'ARGUMENT_INVALID',
      `the settings of the connection to Temporal cannot be read: ${error.message}; check ${where}`,
    );
  }
}
