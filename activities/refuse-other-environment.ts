import { DomainError } from '../domain/domain-error.js';
import type { NumericEnvironment } from '../storage/machine/runtime-record.js';

/**
 * Where keys have the numeric environment in them, a worker in another one must not compute under them. `wanted` is null
 * where they have not. Throws CONFIG_INVALID with everything that differs.
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
    `numerics.policy is key, and this worker is not what the sweep was started on: ${differences.join('; ')}`,
  );
}
