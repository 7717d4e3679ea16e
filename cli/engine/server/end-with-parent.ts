import { spawn } from 'node:child_process';

/**
 * Ends a process when this one has ended, even by SIGKILL: the kernel then closes the pipe on which a shell waits. Returns
 * a function that stops waiting, for when the process has ended by itself.
 */
export function endWithThisProcess(pid: number): () => void {
  // In its own process group, so that it outlives a signal to this one. A stopped process ends only once it continues.
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill "$0"; kill -CONT "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  watcher.once('error', () => undefined);
  watcher.unref();
  return () => {
    watcher.kill('SIGKILL');
  };
}
