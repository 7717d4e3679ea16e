import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { prepareScannedCase } from '../../../storage/cases/prepare-scanned-case.js';
import { scanCases } from '../../../storage/datasets/scan-cases.js';
import { FileDigests } from '../../../storage/files/file-digests.js';
import { SeenFiles } from '../../../storage/files/seen-bytes.js';
import { readImage } from '../../../storage/images/image-files.js';
import { configOf } from '../../support/data/prepare-data-set.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const grid = gridOf([6, 6, 6], [2, 2, 2]);
const ramp = Float32Array.from({ length: 216 }, (_, index) => index);
const block = Uint8Array.from({ length: 216 }, (_, index) => (index % 3 === 0 ? 1 : 0));
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

const nifti = encodeNifti({ grid, values: ramp });
const channels = encodeNifti({ grid, values: [ramp, ramp.map((value) => -value)] });

/** One image of each way to read a file. */
const images: Readonly<Record<string, Uint8Array>> = {
  'plain.nii': nifti,
  'zipped.nii.gz': gzipSync(nifti),
  'members.nii.gz': Buffer.concat([gzipSync(nifti.subarray(0, 500)), gzipSync(nifti.subarray(500))]),
  'channels.nii': channels,
  'channels.nii.gz': gzipSync(channels),
  ...Object.fromEntries(
    ['formats/int16.nrrd', 'formats/members.nrrd', 'formats/int16.mha', 'formats/int16.mgh', 'formats/int32.mgz']
      .concat(['images/grey16.png', 'images/colour.png'])
      .map((name) => [basename(name), readFileSync(join(fixturesFolder, name))]),
  ),
};

describe('what is read of a file', () => {
  for (const [name, bytes] of Object.entries(images)) {
    it(`has the digest of the file as it was then, in ${name}`, async (test) => {
      const path = join(await temporaryFolder(test), name);
      writeFileSync(path, bytes);
      const digest = sha256(path);
      for (const channel of name.startsWith('channels') ? [0, 1] : [undefined]) {
        const seen = new SeenFiles();
        await readImage(path, { seen, ...(channel !== undefined && { channel }) });
        writeFileSync(path, Buffer.alloc(bytes.length, 1));
        assert.ok(await seen.haveDigest(path, digest), 'a later change does not matter');
        assert.ok(!(await seen.haveDigest(path, sha256(path))));
        assert.ok(!(await new SeenFiles().haveDigest(path, digest)), 'what was not read yet is read now');
        writeFileSync(path, bytes);
      }
    });
  }
});

describe('a case', () => {
  const dataSet = {
    ...configOf({ kind: 'manifest', path: 'x', modalities: ['T1'], preprocessing: { crop: [3, 3, 3] } }),
  };

  for (const changed of ['a.nii', 'a.img', 'a.hdr', 'mask.nii.gz']) {
    it(`is refused if ${changed} has other bytes than at the scan, with the same size, time and inode`, async (test) => {
      const folder = await temporaryFolder(test);
      const root = join(folder, 'data');
      mkdirSync(root);
      const header = Buffer.from(nifti.subarray(0, 348));
      header.write('ni1\0', 344, 'latin1');
      header.writeFloatLE(0, 108); // vox_offset
      writeFileSync(join(root, 'a.hdr'), header);
      writeFileSync(join(root, 'a.img'), nifti.subarray(352));
      writeFileSync(join(root, 'a.nii'), nifti);
      // Not compressed, so that one changed byte leaves a valid file.
      writeFileSync(join(root, 'mask.nii.gz'), gzipSync(encodeNifti({ grid, values: block }), { level: 0 }));
      const image = changed === 'a.nii' ? 'a.nii' : 'a.img';
      writeFileSync(join(root, 'manifest.csv'), `case,label,T1\na,mask.nii.gz,${image}`);
      const [own] = dataSet.dataSets;
      assert.ok(own);
      const location = { root };
      const memory = join(folder, 'digests.json');
      const digests = new FileDigests(memory);
      const scanned = async () => (await scanCases(own, location, digests))?.cases[0];
      const reading = { location, digests, dataSet: { ...own, ...dataSet.network } };
      const before = await scanned();
      assert.ok(before);
      await digests.save();
      await prepareScannedCase(before, reading);

      const path = join(root, changed);
      const { atime, mtime, ino } = statSync(path);
      const bytes = readFileSync(path);
      // The description of the header, or a voxel.
      const at = changed === 'a.hdr' ? 148 : bytes.length - 20;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      if (changed === 'mask.nii.gz')
        writeFileSync(path, gzipSync(encodeNifti({ grid, values: block.with(0, 0) }), { level: 0 }), { flag: 'r+' });
      else writeFileSync(path, bytes, { flag: 'r+' });
      utimesSync(path, atime, mtime);
      // The time is set to a whole millisecond, and read back as a binary fraction.
      assert.deepEqual([statSync(path).ino, Math.round(statSync(path).mtimeMs)], [ino, mtime.getTime()]);
      await assert.rejects(prepareScannedCase(before, reading), {
        code: 'FILE_UNREADABLE',
        message: new RegExp(`${changed} has changed since the scan; run the sweep again`),
      });
      const after = await scanned();
      assert.ok(after);
      assert.notDeepEqual(after, before);
      await prepareScannedCase(after, { ...reading, digests: new FileDigests(memory) });
    });
  }
});
