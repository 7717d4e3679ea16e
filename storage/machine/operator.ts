import { userInfo } from 'node:os';

/** Who runs this program, by the system's name; by number where it has none, as in some containers. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim();
  }
}
