import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { readImage } from '../../../storage/images/image-files.js';
import { damaged, refusal } from '../../support/images/image-files.js';

describe('files that are not what their name says, or that are not read, say what to do', () => {
  const preamble = Buffer.alloc(132);
  preamble.write('DICM', 128);
  const pointer = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
  const page = Buffer.from('<!DOCTYPE html><html><body>Please sign in');
  for (const [name, bytes, advice] of [
    ['scan.dcm', Buffer.alloc(10), /dcm2niix -z y -o/],
    ['IM000001', preamble, /dcm2niix -z y -o/],
    ['scan.mhd', Buffer.alloc(10), /does not begin with a MetaImage header/],
    ['scan.nhdr', Buffer.alloc(10), /does not begin with an NRRD header/],
    ['scan.bmp', Buffer.alloc(10), /convert it to PNG/],
    ['scan.xyz', Buffer.from('NRRD0004\n'), /it is an NRRD image, whose name must end in \.nrrd/],
    ['picture.xyz', Buffer.of(0xff, 0xd8, 0xff, 0xe0), /it is a JPEG picture, but its name does not end as one's/],
    ['pointer.nrrd', pointer, /it is not NRRD but a Git LFS pointer.*git lfs pull/],
    ['page.mha', page, /it is not MetaImage but an HTML page/],
    ['pointer.mgz', pointer, /it is not MGH but a Git LFS pointer/],
    ['page.mgh', Buffer.concat([page, Buffer.alloc(300)]), /it is not MGH but an HTML page/],
    ['scan.nrrd', preamble, /it is not NRRD but a DICOM file.*dcm2niix -z y -o/],
    [
      'twice.nii.gz',
      gzipSync(gzipSync(Buffer.alloc(10))),
      /it is not NIfTI but a file that was gzipped once too often/,
    ],
    ['twice.mgz', gzipSync(gzipSync(Buffer.alloc(10))), /it is not MGH but a file that was gzipped once too often/],
    [
      'zipped.nrrd',
      gzipSync(Buffer.alloc(10)),
      /it is not NRRD but a file that was gzipped once .*"gunzip -c OLD_FILE > NEW_FILE"/,
    ],
    [
      'zipped.png',
      gzipSync(Buffer.alloc(10)),
      /it is not PNG, JPEG or TIFF but a file that was gzipped once too often/,
    ],
    ['marked.nii', Buffer.from('\uFEFF<html><body>'), /it is not NIfTI but an HTML page/],
    ['xhtml.nii.gz', Buffer.from('<?xml version="1.0"?>\n<!DOCTYPE html>'), /it is not NIfTI but an HTML page/],
    // (0008,0005) CS, without the preamble that most files have.
    ['bare.nii', Buffer.from('080005004353', 'hex'), /it is not NIfTI but a DICOM file/],
    ['swapped.mha', Buffer.from('NRRD0004\n'), /it is not MetaImage but an NRRD image/],
    [
      'annex.nii.gz',
      Buffer.from('/annex/objects/MD5E-s8--0cc175b9c0f1b6a831c399e269772661.nii.gz\n'),
      /it is not NIfTI but a git-annex pointer.*git annex get/,
    ],
    ['error.nii.gz', Buffer.from('{"message": "Not Found"}'), /it is not NIfTI but JSON text.*the download failed/],
    ['errors.nrrd', Buffer.from('[\n {"code": 404}]'), /it is not NRRD but JSON text/],
    ['s3.nii', Buffer.from('<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code>'), /but XML text.*download failed/],
    ['s3.png', Buffer.from('<Error><Code>NoSuchKey</Code></Error>'), /it is not PNG, JPEG or TIFF but XML text/],
    ['packed.nii', Buffer.from('fd377a585a0000', 'hex'), /but a file packed with xz; unpack it with "xz -d"/],
    ['packed.mha', Buffer.from('BZh91AY&SY'), /but a file packed with bzip2; unpack it with "bzip2 -d"/],
    [
      'packed.nii.zst',
      Buffer.from('28b52ffd24', 'hex'),
      /it is a file packed with Zstandard; unpack it with "zstd -d"/,
    ],
    ['other.xyz', Buffer.alloc(10), /unsupported file type; expected .*\.nrrd, \.nhdr, \.mha/],
  ] as const) {
    it(name, async () => {
      const { message } = await refusal(damaged(name, bytes));
      assert.match(message, advice);
    });
  }

  it('also where a header beside them describes voxels', async () => {
    const header = 'ObjectType = Image\nNDims = 3\nDimSize = 9 9 9\nElementSpacing = 1 1 1\nElementType = MET_UCHAR\n';
    const path = damaged('scan.mhd', Buffer.from(`${header}ElementDataFile = scan.raw\n`));
    for (const [content, advice] of [
      [pointer, /scan\.raw: it is not what the header describes but a Git LFS pointer/],
      [Buffer.concat([page, Buffer.alloc(9000)]), /scan\.raw: it is not what the header describes but an HTML page/],
    ] as const) {
      writeFileSync(join(dirname(path), 'scan.raw'), content);
      await assert.rejects(readImage(path), advice);
    }
  });
});
