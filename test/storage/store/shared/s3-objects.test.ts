import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { s3PlaceOf } from '../../../../storage/store/shared/s3-address.js';
import { S3Objects } from '../../../../storage/store/shared/s3-objects.js';
import { s3Program, startS3Server, type S3Server } from '../../../support/s3-server.js';
import { temporaryFolderOfFile } from '../../../support/temporary-folder.js';

const program = await s3Program();
const skip = 'reason' in program ? program.reason : false;

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

describe('the address of a store', () => {
  it('names a bucket and a prefix', () => {
    assert.deepEqual(s3PlaceOf('s3://bucket'), { bucket: 'bucket', prefix: '' });
    assert.deepEqual(s3PlaceOf('s3://my.bucket/a/b_c/'), { bucket: 'my.bucket', prefix: 'a/b_c/' });
  });

  for (const wrong of [
    '',
    'bucket',
    's3://',
    's3:///x',
    's3://Bucket',
    's3://bucket/../x',
    's3://bucket//x',
    'http://x/y',
  ]) {
    it(`is refused if it is "${wrong}"`, () => {
      assert.throws(() => s3PlaceOf(wrong), { code: 'ARGUMENT_INVALID' });
    });
  }
});

describe('objects in S3', { skip }, () => {
  const root = temporaryFolderOfFile('s3-objects');
  let server: S3Server;
  let objects: S3Objects;
  const opened = (mostBytesAtOnce?: number): S3Objects =>
    new S3Objects(server.address, s3PlaceOf(server.address), process.env, mostBytesAtOnce);

  before(async () => {
    server = await startS3Server('path' in program ? program.path : '', root);
    Object.assign(process.env, server.environment);
    objects = opened();
  });
  after(async () => {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  it('are read as they were written, and listed', async () => {
    assert.equal(await objects.get('plain/none'), undefined);
    assert.equal(await objects.size('plain/none'), undefined);
    await objects.put('plain/b', Buffer.from('second'));
    await objects.put('plain/a/x', Buffer.from('first'));
    await objects.put('plain/empty', Buffer.alloc(0));
    assert.equal(text((await objects.get('plain/b'))?.bytes), 'second');
    assert.equal((await objects.get('plain/empty'))?.bytes.length, 0);
    assert.equal(await objects.size('plain/b'), 6);
    const listed = await objects.list('plain/');
    assert.deepEqual(listed, [
      { name: 'plain/a/x', size: 5 },
      { name: 'plain/b', size: 6 },
      { name: 'plain/empty', size: 0 },
    ]);
    await objects.remove('plain/b');
    await objects.remove('plain/b');
    assert.equal(await objects.get('plain/b'), undefined);
  });

  it('of many writers who each want to be first, one is', async () => {
    const writers = Array.from({ length: 16 }, (_, index) => index);
    const won = await Promise.all(writers.map((index) => opened().putIf(undefined, 'race', Buffer.from(`${index}`))));
    assert.equal(won.filter(Boolean).length, 1);
    assert.equal(text((await objects.get('race'))?.bytes), String(won.indexOf(true)));
  });

  it('are replaced only by who knows what is there', async () => {
    assert.equal(await objects.putIf('"0"', 'known', Buffer.from('x')), false, 'nothing is there');
    await objects.put('known', Buffer.from('one'));
    const first = (await objects.get('known'))?.version ?? '';
    assert.equal(await objects.putIf(first, 'known', Buffer.from('two')), true);
    assert.equal(await objects.putIf(first, 'known', Buffer.from('three')), false);
    assert.equal(text((await objects.get('known'))?.bytes), 'two');
  });

  it('of many bytes are uploaded in parts, and of two writers one succeeds', async () => {
    const parts = 5 << 20;
    const bytes = randomBytes(2 * parts + 12345);
    const won = await Promise.all([1, 2].map(() => opened(parts).putIf(undefined, 'large', bytes)));
    assert.deepEqual(won.sort(), [false, true]);
    const read = (await objects.get('large'))?.bytes ?? new Uint8Array(0);
    assert.ok(Buffer.from(read).equals(bytes));
    assert.deepEqual(await objects.list('large'), [{ name: 'large', size: bytes.length }]);
  });

  it('are refused by the server if their bytes are not those of the SHA-256 that is sent along', async () => {
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client({ region: 'us-east-1', forcePathStyle: true });
    const { bucket: Bucket, prefix } = s3PlaceOf(server.address);
    const ChecksumSHA256 = createHash('sha256').update('other').digest('base64');
    const put = new sdk.PutObjectCommand({ Bucket, Key: `${prefix}wrong`, Body: 'bytes', ChecksumSHA256 });
    await assert.rejects(client.send(put), /BadDigest|did not match/);
    assert.equal(await objects.get('wrong'), undefined);
  });

  it('are sent with their SHA-256, which the server keeps', async () => {
    await objects.put('summed', Buffer.from('hello'));
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client({ region: 'us-east-1', forcePathStyle: true });
    const { bucket: Bucket, prefix } = s3PlaceOf(server.address);
    const head = await client.send(
      new sdk.HeadObjectCommand({ Bucket, Key: `${prefix}summed`, ChecksumMode: 'ENABLED' }),
    );
    assert.equal(head.ChecksumSHA256, createHash('sha256').update('hello').digest('base64'));
  });

  it('that are damaged are kept aside', async () => {
    await objects.put('a/damaged', Buffer.from('damaged'));
    const kept = await objects.setAside('a/damaged');
    assert.match(kept, /^quarantine\/damaged\.[0-9a-f]{6}$/);
    assert.equal(await objects.get('a/damaged'), undefined);
    assert.equal(text(await readFile(join(server.files, kept))), 'damaged');
    await objects.setAside('a/damaged');
  });

  it('name the store if it is not there, or refuses', async () => {
    const address = 's3://volbias-none/x';
    const none = new S3Objects(address, s3PlaceOf(address), process.env);
    await assert.rejects(none.put('a', Buffer.from('a')), {
      code: 'CONFIG_INVALID',
      message: /s3:\/\/volbias-none\/x \(a\): NoSuchBucket/,
    });
    const { AWS_SECRET_ACCESS_KEY: secret, AWS_ENDPOINT_URL_S3: endpoint } = process.env;
    try {
      process.env.AWS_ENDPOINT_URL_S3 = 'http://127.0.0.1:1';
      await assert.rejects(opened().get('a'), { code: 'STORE_UNREACHABLE', message: /ECONNREFUSED/ });
    } finally {
      process.env.AWS_ENDPOINT_URL_S3 = endpoint;
    }
    try {
      process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
      await assert.rejects(opened().get('a'), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'CONFIG_INVALID');
        assert.match(error.message, /SignatureDoesNotMatch/);
        return true;
      });
    } finally {
      process.env.AWS_SECRET_ACCESS_KEY = secret;
    }
  });
});
