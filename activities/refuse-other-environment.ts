import { DomainError } from '../domain/domain-error.js';
import type { NumericEnvironment } from '../storage/machine/runtime-record.js';

/**
 * Refuses to compute if the sweep's keys contain a numeric environment that differs from this worker's. `wanted` is
 * null if the keys contain none. Throws CONFIG_INVALID, listing every difference.
 */
export function refuseOtherEnvironment(wanted: NumericEnvironment | null, here: NumericEnvironment): void {
  if (wanted === null) return;
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(here)])].filter(
    (name) => wanted[name] !== here[name],
  );
  if (names.length === 0) return;
  const differences = names.map((name) => `${name} "${here[name] ?? ''}" instead of "${wanted[name] ?? ''}"`);
  throw new DomainError(
    'CONFIG_INVALID',
    `numerics.policy is key, and this worker differs from where the sweep was started: ${differences.join('; ')}`,
  );
}
