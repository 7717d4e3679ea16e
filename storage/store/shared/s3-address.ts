import { DomainError } from '../../../domain/domain-error.js';

/** Where in S3 a store lies. */
export interface S3Place {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const partPattern = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

/**
 * The place that an address such as s3://bucket/prefix names. ARGUMENT_INVALID for any other text; the parts of the prefix are
 * of letters, digits, dots, hyphens and underscores.
 */
export function s3PlaceOf(address: string): S3Place {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)(?:\/(.*?))?\/?$/.exec(address) ?? [];
  const parts = path === '' ? [] : path.split('/');
  if (!bucketPattern.test(bucket) || !parts.every((part) => partPattern.test(part))) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `the store is "${address}", expected an address such as s3://bucket/prefix`,
    );
  }
  return { bucket, prefix: parts.map((part) => `${part}/`).join('') };
}
