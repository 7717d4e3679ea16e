import { spawn } from 'node:child_process';

/**
 * The program that opens a file as the desktop would, with its arguments before the path. Undefined where there is nothing to
 * show it on: on Linux without a display.
 */
function openerOf(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  // `start` is a word of cmd, which would take the path for a command line; Explorer takes it as it is.
  if (platform === 'win32') return ['explorer.exe'];
  const { DISPLAY = '', WAYLAND_DISPLAY = '' } = environment;
  return DISPLAY === '' && WAYLAND_DISPLAY === '' ? undefined : ['xdg-open'];
}

/**
 * Opens a page in the user's browser, which outlives this process; no shell sees the path. False if there is no display or no
 * program that opens files.
 */
export async function openInBrowser(page: string): Promise<boolean> {
  const opener = openerOf(process.platform, process.env);
  if (opener === undefined) return false;
  const [program, ...before] = opener;
  const child = spawn(program, [...before, page], { detached: true, stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
    child.once('error', () => {
      resolve(false);
    });
  });
}
