import { createHash, randomBytes } from 'node:crypto';

import type * as S3 from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';

import { DomainError } from '../../../domain/domain-error.js';
import { limited } from './limited.js';
import type { RemoteContent, RemoteEntry, RemoteObjects } from './remote-objects.js';
import type { S3Place } from './s3-address.js';
import { uploadInParts } from './s3-upload.js';

type Sdk = typeof S3;

/** Objects of more bytes are uploaded in parts. */
const partBytes = 16 << 20;

/** Requests of a process at a time; fewer than the client has connections, about which it would complain. */
const mostRequests = 32;

/** With the pauses in between, half a minute of an absent server. */
const mostTries = 8;
const connectMilliseconds = 10_000;
/** Of silence, after which a connection is given up. */
const silenceMilliseconds = 60_000;

/** Two writers met: the one who is refused asks again. */
const mostMeetings = 10;

/** What a retry cannot help: no such place, or no access. */
const refusals = [
  ...['NoSuchBucket', 'AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'PermanentRedirect'],
  ...['CredentialsProviderError', 'ExpiredToken', 'InvalidBucketName', 'Forbidden'],
];

/**
 * The objects below a prefix of an S3 bucket. Credentials, region and endpoint are AWS's own settings: its environment
 * variables, or its profile. The server compares what it receives with the SHA-256 that is sent along.
 */
export class S3Objects implements RemoteObjects {
  private readonly inTurn = limited(mostRequests);
  private ready: Promise<{ sdk: Sdk; client: S3Client }> | undefined;

  constructor(
    readonly address: string,
    private readonly place: S3Place,
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly mostBytesAtOnce = partBytes,
  ) {}

  async get(name: string): Promise<RemoteContent | undefined> {
    return this.unlessMissing(name, async ({ sdk, client }, at) => {
      const { Body, ETag } = await client.send(new sdk.GetObjectCommand(at));
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(0), version: ETag ?? '' };
    });
  }

  async size(name: string): Promise<number | undefined> {
    return this.unlessMissing(name, async ({ sdk, client }, at) => {
      return (await client.send(new sdk.HeadObjectCommand(at))).ContentLength ?? 0;
    });
  }

  put(name: string, bytes: Uint8Array): Promise<void> {
    return this.write(name, bytes, {});
  }

  async putIf(version: string | undefined, name: string, bytes: Uint8Array): Promise<boolean> {
    const condition = version === undefined ? { IfNoneMatch: '*' } : { IfMatch: version };
    for (let meetings = 1; ; meetings++) {
      try {
        await this.write(name, bytes, condition);
        return true;
      } catch (error) {
        const status = statusOf(error);
        // With If-Match, an object that is gone is another one.
        if (status === 412 || (status === 404 && version !== undefined)) return false;
        if (status !== 409 || meetings === mostMeetings) throw error;
      }
    }
  }

  async list(prefix: string): Promise<readonly RemoteEntry[]> {
    return this.named(`${prefix}*`, async ({ sdk, client }) => {
      const found: RemoteEntry[] = [];
      const { bucket, prefix: own } = this.place;
      let ContinuationToken: string | undefined;
      do {
        const more = ContinuationToken === undefined ? {} : { ContinuationToken };
        const asked = { Bucket: bucket, Prefix: `${own}${prefix}`, ...more };
        const page = await client.send(new sdk.ListObjectsV2Command(asked));
        for (const { Key = '', Size = 0 } of page.Contents ?? [])
          found.push({ name: Key.slice(own.length), size: Size });
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  remove(name: string): Promise<void> {
    return this.named(name, async ({ sdk, client }, at) => {
      await client.send(new sdk.DeleteObjectCommand(at));
    });
  }

  async setAside(name: string): Promise<string> {
    const kept = `quarantine/${name.split('/').at(-1) ?? ''}.${randomBytes(3).toString('hex')}`;
    await this.unlessMissing(name, async ({ sdk, client }, at) => {
      const CopySource = [at.Bucket, ...at.Key.split('/')].map(encodeURIComponent).join('/');
      await client.send(new sdk.CopyObjectCommand({ ...this.at(kept), CopySource }));
      await client.send(new sdk.DeleteObjectCommand(at));
    });
    return kept;
  }

  private write(
    name: string,
    bytes: Uint8Array,
    condition: { readonly IfNoneMatch?: string; readonly IfMatch?: string },
  ): Promise<void> {
    return this.named(name, async ({ sdk, client }, at) => {
      if (bytes.length > this.mostBytesAtOnce) {
        await uploadInParts({ sdk, client, at }, { bytes, condition, partBytes: this.mostBytesAtOnce });
        return;
      }
      const ChecksumSHA256 = createHash('sha256').update(bytes).digest('base64');
      await client.send(new sdk.PutObjectCommand({ ...at, ...condition, Body: bytes, ChecksumSHA256 }));
    });
  }

  private at(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}${name}` };
  }

  private async unlessMissing<T>(name: string, ask: Parameters<typeof this.named<T>>[1]): Promise<T | undefined> {
    return this.named<T>(name, ask).catch((error: unknown) => {
      if (statusOf(error) === 404) return undefined;
      throw error;
    });
  }

  /** Asks the server; an error names the object. */
  private async named<T>(
    name: string,
    ask: (sdk: { sdk: Sdk; client: S3Client }, at: { Bucket: string; Key: string }) => Promise<T>,
  ): Promise<T> {
    try {
      const connected = await this.connected();
      return await this.inTurn(() => ask(connected, this.at(name)));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const text = `the store ${this.address} (${name}): ${error.name}: ${error.message}`;
      if (refusals.includes(error.name) || statusOf(error) === 403) throw new DomainError('CONFIG_INVALID', text);
      if (!isAnswer(statusOf(error))) throw new DomainError('STORE_UNREACHABLE', text);
      throw Object.assign(new Error(text, { cause: error }), { status: statusOf(error) });
    }
  }

  private connected(): Promise<{ sdk: Sdk; client: S3Client }> {
    this.ready ??= connect(this.environment);
    return this.ready;
  }
}

async function connect(environment: Readonly<Record<string, string | undefined>>) {
  // It says on standard error that later versions of it need a later Node; this one is pinned.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = environment;
  // Names of buckets are seldom names of hosts where the server is not AWS's own.
  const isOwnServer = (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? (isOwnServer ? 'us-east-1' : undefined);
  const client = new sdk.S3Client({
    ...(region !== undefined && { region }),
    forcePathStyle: isOwnServer,
    maxAttempts: mostTries,
    // The store compares every byte with its SHA-256 itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMilliseconds, socketTimeout: silenceMilliseconds },
  });
  return { sdk, client };
}

/** Whether the server has said something of the request; not that it is overloaded or broken. */
const isAnswer = (status: number | undefined): boolean => status !== undefined && status < 500 && status !== 429;

/** The HTTP status of the server's answer; undefined without one. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, $metadata } = error as { status?: number; $metadata?: { httpStatusCode?: number } };
  return status ?? $metadata?.httpStatusCode;
}
