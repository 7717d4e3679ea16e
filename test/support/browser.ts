import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { temporaryFolderOfFile } from './temporary-folder.js';
import { waitFor } from './wait-for.js';

/** A Chromium of this machine; undefined if there is none. */
export const browserPath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));

/** How a page is shown: the size of its window, on screen or paper, and in which colours. */
export interface Showing {
  readonly width: number;
  readonly height: number;
  readonly media?: 'screen' | 'print';
  readonly scheme?: 'light' | 'dark';
}

export interface OpenPage {
  /** The value of an expression in the page, which must be JSON, or a promise of it. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true. */
  until(expression: string): Promise<void>;
  show(showing: Showing): Promise<void>;
  /** The page as PDF, on A4. */
  print(): Promise<Buffer>;
  /** What the browser has complained about: errors of scripts, violated policies, failed requests. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly type?: string;
    readonly entry?: { readonly level: string; readonly text: string };
    readonly exceptionDetails?: unknown;
    readonly args?: unknown;
  };
  readonly result?: Record<string, unknown> & {
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: unknown;
  };
  readonly error?: unknown;
}

/** Opens an address in a browser without a window, in a window of this size, by the DevTools protocol over a pipe. */
export async function openInBrowser(url: string, { width, height } = { width: 1000, height: 800 }): Promise<OpenPage> {
  if (browserPath === undefined) throw new Error('there is no Chromium');
  const profile = temporaryFolderOfFile('browser');
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--no-first-run'];
  const child = spawn(browserPath, [...flags, `--user-data-dir=${profile}`, `--window-size=${width},${height}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , , to, from] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const complaints: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let unread = '';
  from.setEncoding('utf8').on('data', (text: string) => {
    const messages = (unread + text).split('\0');
    unread = messages.pop() ?? '';
    for (const one of messages) hear(JSON.parse(one) as Message);
  });
  function hear(message: Message): void {
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    const { method, params } = message;
    if (method === 'Runtime.exceptionThrown') complaints.push(JSON.stringify(params?.exceptionDetails));
    if (method === 'Log.entryAdded' && params?.entry?.level === 'error') complaints.push(params.entry.text);
    if (method === 'Runtime.consoleAPICalled' && params?.type === 'error') complaints.push(JSON.stringify(params.args));
  }
  let last = 0;
  const session: { sessionId?: string } = {};
  async function tell(method: string, params: object = {}): Promise<NonNullable<Message['result']>> {
    const id = ++last;
    const answered = new Promise<Message>((resolve) => waiting.set(id, resolve));
    to.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    const { result, error } = await answered;
    if (result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }
  const { targetId } = await tell('Target.createTarget', { url: 'about:blank' });
  session.sessionId = String((await tell('Target.attachToTarget', { targetId, flatten: true })).sessionId);
  for (const domain of ['Runtime', 'Log', 'Page']) await tell(`${domain}.enable`);
  async function show({ width: wide, height: high, media = 'screen', scheme = 'light' }: Showing): Promise<void> {
    const size = { width: wide, height: high, deviceScaleFactor: 1, mobile: false };
    await tell('Emulation.setDeviceMetricsOverride', size);
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await tell('Emulation.setEmulatedMedia', { media, features });
  }
  await show({ width, height });
  await tell('Page.navigate', { url });

  async function evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await tell('Runtime.evaluate', {
      ...{ expression, returnByValue: true, awaitPromise: true },
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result?.value as T;
  }
  return {
    evaluate,
    show,
    print: async () => {
      const { data } = await tell('Page.printToPDF', { preferCSSPageSize: true, paperWidth: 8.27, paperHeight: 11.69 });
      return Buffer.from(String(data), 'base64');
    },
    until: async (expression) => {
      // The page that the browser begins with has no such elements.
      const holds = (): Promise<boolean> => evaluate<boolean>(expression).catch(() => false);
      await waitFor(expression, async () => ((await holds()) ? true : undefined), 60);
    },
    complaints: () => complaints,
    close: async () => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      await tell('Browser.close').catch(() => undefined);
      await closed;
      await rm(profile, { recursive: true, force: true });
    },
  };
}
