import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 404 | 405 | 413;
  readonly reason: string;
}

/** What was asked for: the part of the path behind the token. */
export interface Asked {
  readonly name: string;
}

/** Names of this machine: a page of another site that has its name point to 127.0.0.1 cannot send them. */
const ownHost = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;

/** Checks a request before anything is done with it: its host, the token in its path, its method, and that it brings nothing. */
export function askedFor(
  { url = '', method, headers }: Pick<IncomingMessage, 'url' | 'method' | 'headers'>,
  token: string,
): Asked | Refusal {
  if (!ownHost.test(headers.host ?? '')) return { status: 403, reason: 'this page is for 127.0.0.1 only' };
  const [path = ''] = url.split('?');
  const [, given = '', name = ''] = /^\/([^/]*)\/(.*)$/.exec(path) ?? [];
  if (!isSame(given, token)) return { status: 404, reason: 'not found' };
  if (method !== 'GET') return { status: 405, reason: 'only GET' };
  const brings = Number(headers['content-length'] ?? 0) !== 0 || headers['transfer-encoding'] !== undefined;
  return brings ? { status: 413, reason: 'a request has no body' } : { name };
}

/** In a time that does not depend on where the texts differ. */
function isSame(given: string, token: string): boolean {
  const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(given), digestOf(token));
}
