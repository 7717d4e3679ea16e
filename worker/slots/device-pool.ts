/** Hands out devices, least used first. More users than devices share them; without devices, users get none. */
export interface DevicePool {
  take(): string | undefined;
  giveBack(device: string | undefined): void;
}

export function devicePool(devices: readonly string[]): DevicePool {
  const users = new Map(devices.map((device) => [device, 0]));
  const count = (device: string, change: number): void => {
    users.set(device, (users.get(device) ?? 0) + change);
  };
  return {
    take: () => {
      const [least] = [...users].sort(([, a], [, b]) => a - b);
      if (least === undefined) return undefined;
      count(least[0], 1);
      return least[0];
    },
    giveBack: (device) => {
      if (device !== undefined) count(device, -1);
    },
  };
}
