import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

import type { EngineKeys } from './engine-key.js';
import { shownInClear, isShown } from './shown-payloads.js';

/** A value as Temporal transports it. */
export interface Payload {
  readonly metadata?: Readonly<Record<string, Uint8Array>> | null;
  readonly data?: Uint8Array | null;
}

/** Temporal's interface for what changes payloads before they leave a process, and after they arrive. */
export interface PayloadCodec {
  encode(payloads: readonly Payload[]): Promise<Payload[]>;
  decode(payloads: readonly Payload[]): Promise<Payload[]>;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const encoding = Buffer.from('binary/encrypted');
const keyIdName = 'encryption-key-id';

/**
 * Encrypts payloads, and refuses what was not encrypted with the same key. Temporal's development server asks nobody who
 * they are: without the key, another user of the machine can neither read what passes through it nor make a worker do
 * anything. docs/decisions/0014-sealed-payloads.md has the reasons. What is meant for Temporal's page is left in clear
 * (shown-payloads.ts), and reads as nothing: no process relies on it.
 */
export function sealedPayloads(keys: EngineKeys): PayloadCodec {
  const known = keys.map((key) => ({ id: idOf(key), key }));
  const [own] = keys;
  return {
    encode: each((payload) => shownInClear(payload) ?? seal(payload, own)),
    decode: each((payload) => (isShown(payload) || isOfServer(payload) ? nothing : unseal(payload, known))),
  };
}

/** Does something to each payload; an error rejects. */
function each(change: (payload: Payload) => Payload): (payloads: readonly Payload[]) => Promise<Payload[]> {
  return (payloads) => Promise.resolve(payloads).then((all) => all.map(change));
}

const nothing: Payload = { metadata: { encoding: Buffer.from('binary/null') } };

/**
 * The only payload that Temporal's server writes itself: why a cancelled activity has no details, where no worker had
 * begun it.
 */
const ofServer = { encoding: Buffer.from('json/plain'), data: Buffer.from('"ACTIVITY_ID_NOT_STARTED"') };

function isOfServer({ metadata, data }: Payload): boolean {
  return (
    ofServer.encoding.equals(metadata?.encoding ?? new Uint8Array(0)) && ofServer.data.equals(data ?? new Uint8Array(0))
  );
}

/** Says which key has sealed a payload, and nothing else of the key. */
function idOf(key: Uint8Array): Buffer {
  return Buffer.from(createHash('sha256').update('id of an engine key').update(key).digest('hex').slice(0, 16));
}

function seal(payload: Payload, key: Uint8Array): Payload {
  // Never used twice: random, and a data folder seals far fewer than 2³² payloads.
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce);
  const data = Buffer.concat([nonce, sealing.update(bytesOf(payload)), sealing.final(), sealing.getAuthTag()]);
  return { metadata: { encoding, [keyIdName]: idOf(key) }, data };
}

interface KnownKey {
  readonly id: Buffer;
  readonly key: Uint8Array;
}

function unseal({ metadata, data }: Payload, known: readonly KnownKey[]): Payload {
  const bytes = Buffer.from(data ?? new Uint8Array(0));
  if (metadata?.encoding === undefined || !encoding.equals(metadata.encoding)) throw foreign();
  if (bytes.length < nonceBytes + tagBytes) throw foreign();
  const { [keyIdName]: id } = metadata;
  // Before keys had ids, there was one: now the oldest.
  const key = id === undefined ? known.at(-1)?.key : known.find((one) => one.id.equals(id))?.key;
  if (key === undefined) throw foreign();
  const unsealing = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  unsealing.setAuthTag(bytes.subarray(-tagBytes));
  const opened = unsealing.update(bytes.subarray(nonceBytes, -tagBytes));
  try {
    unsealing.final();
  } catch {
    throw foreign();
  }
  return payloadOf(opened);
}

const foreign = (): Error => new Error("refused: it was not sealed with this data folder's key (engine-key)");

/** The metadata as JSON, preceded by its length, then the data. */
function bytesOf({ metadata, data }: Payload): Buffer {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  const head = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, data ?? new Uint8Array(0)]);
}

/** From bytes that this file has written: the seal says so. */
function payloadOf(bytes: Buffer): Payload {
  const end = 4 + bytes.readUInt32BE();
  const entries = JSON.parse(bytes.toString('utf8', 4, end)) as [string, string][];
  const metadata = Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, 'base64')]));
  return { metadata, data: bytes.subarray(end) };
}
