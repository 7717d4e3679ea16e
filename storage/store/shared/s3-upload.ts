import { createHash } from 'node:crypto';

import type * as S3 from '@aws-sdk/client-s3';
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';

type Sdk = typeof S3;

interface Place {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly at: { readonly Bucket: string; readonly Key: string };
}

interface Upload {
  readonly bytes: Uint8Array;
  readonly condition: { readonly IfNoneMatch?: string; readonly IfMatch?: string };
  readonly partBytes: number;
}

/**
 * Uploads an object in parts, each with its SHA-256, which the server compares. The condition is that of the last step: until
 * then nobody sees the object. Parts of an upload that has failed are removed.
 */
export async function uploadInParts(
  { sdk, client, at }: Place,
  { bytes, condition, partBytes }: Upload,
): Promise<void> {
  const begun = await client.send(new sdk.CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'SHA256' }));
  const upload = { ...at, UploadId: begun.UploadId ?? '' };
  try {
    const parts: CompletedPart[] = [];
    for (let start = 0; start < bytes.length; start += partBytes) {
      const Body = bytes.subarray(start, start + partBytes);
      const ChecksumSHA256 = createHash('sha256').update(Body).digest('base64');
      const PartNumber = parts.length + 1;
      const { ETag } = await client.send(new sdk.UploadPartCommand({ ...upload, PartNumber, Body, ChecksumSHA256 }));
      parts.push({ PartNumber, ChecksumSHA256, ...(ETag !== undefined && { ETag }) });
    }
    const MultipartUpload = { Parts: parts };
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, ...condition, MultipartUpload }));
  } catch (error) {
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
