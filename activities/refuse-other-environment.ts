import { DomainError } from '../domain/domain-error.js';

/**
 * Where keys have the numeric environment in them, a worker in another one must not compute under them. `wanted` is null
 * where they have not. Throws CONFIG_INVALID with everything that differs.
 */
export function refuseOtherEnvironment(wanted: unknown, here: Readonly<Record<string, string>>): void {
  if (wanted === null) return;
  const keyed = wanted as Readonly<Record<string, string>>;
  const names = [...new Set([...Object.keys(keyed), ...Object.keys(here)])].filter(
    (name) => keyed[name] !== here[name],
  );
  if (names.length === 0) return;
  const differences = names.map((name) => `${name} "${here[name] ?? ''}" instead of "${keyed[name] ?? ''}"`);
  throw new DomainError(
    'CONFIG_INVALID',
    `numerics.policy is key, and this worker is not what the sweep was started on: ${differences.join('; ')}`,
  );
}
