import { access, stat } from 'node:fs/promises';

/** Whether there is something with this name. */
export function hasFile(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether it is a folder, perhaps by a symbolic link. */
export function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
