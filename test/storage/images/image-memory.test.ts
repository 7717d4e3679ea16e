import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import sharp from 'sharp';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { niftiTypeFacts, type NiftiDataType } from '../../../domain/formats/nifti-types.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { niftiBytes } from '../../support/images/nifti-bytes.js';
import { repositoryRoot } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const built = (...path: readonly string[]): string => JSON.stringify(join(repositoryRoot, 'dist', ...path));

/** Peak memory in bytes of a process that tries to read these files one by one; with no file, that of the modules. */
function peakOfReading(...paths: readonly string[]): number {
  return peakOf('readImage', paths);
}

function peakOf(how: 'readImage' | 'inspectFile', paths: readonly string[]): number {
  const program = `
    const { readImage } = await import(${built('storage', 'images', 'image-files.js')});
    const { inspectFile } = await import(${built('storage', 'images', 'inspect-file.js')});
    const { peakMemory } = await import(${built('test', 'support', 'peak-memory.js')});
    for (const path of process.argv.slice(1)) await ${how}(path).catch(() => undefined);
    process.stdout.write(String(peakMemory()));`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program, ...paths], { encoding: 'utf8' }));
}

const megabyte = 1 << 20;
const declared = 64 * megabyte;

/** 64 MiB of voxels, half of them noise; in every type their bytes are small numbers, never NaN. */
function voxelsOf(dataType: NiftiDataType): Buffer {
  const random = randomStream(1, 'memory');
  const noise = Uint8Array.from({ length: megabyte }, () => Math.floor(100 * random.uniform()));
  const bytes = Buffer.alloc(declared);
  for (let at = 0; at < declared; at += 2 * megabyte) bytes.set(noise, at);
  if (dataType === 'float32' || dataType === 'float64') {
    // In little endian, the last byte has the sign and the exponent; below 64, it stands for a small number.
    const { bytes: width } = niftiTypeFacts[dataType];
    for (let at = width - 1; at < declared; at += width) bytes[at] = 0;
  }
  return bytes;
}

/** The file as it is and gzipped; each is written when it is its turn. */
function* plainAndZipped(folder: string, bytes: Buffer): Generator<{ readonly name: string; readonly path: string }> {
  for (const [name, content] of [
    ['plain.nii', bytes],
    ['zipped.nii.gz', gzipSync(bytes, { level: 1 })],
  ] as const) {
    const path = join(folder, name);
    writeFileSync(path, content);
    yield { name, path };
  }
}

describe('the memory for reading, beyond that of the modules', () => {
  // The modules' memory differs by some megabytes from one process to the next.
  const bases = Array.from({ length: 5 }, () => peakOfReading()).sort((a, b) => a - b);
  const base = bases[2] ?? NaN;

  const types: readonly (readonly [NiftiDataType, number])[] = [
    ['uint8', 1],
    ['int16', 1],
    ['int16', 0.5], // becomes float32 because it is scaled
    ['int32', 1],
    ['float32', 1],
    ['float64', 1],
  ];
  for (const [dataType, slope] of types) {
    it(`of ${dataType}${slope === 1 ? '' : ', scaled'}: at most half as much again as the declared image`, async (test) => {
      const folder = await temporaryFolder(test);
      const voxels = voxelsOf(dataType);
      const count = declared / niftiTypeFacts[dataType].bytes;
      const file = niftiBytes(gridOf([256, 256, count / 65_536]), dataType, voxels, { slope });
      const bytes = Buffer.concat([file.header, file.voxels]);
      const image = slope === 1 ? declared : 4 * count;
      for (const { name, path } of plainAndZipped(folder, bytes)) {
        const needed = peakOfReading(path) - base;
        assert.ok(needed > 0.8 * declared, 'the image itself was not held, so nothing was measured');
        assert.ok(needed <= 1.5 * image, `${name}: ${(needed / image).toFixed(2)} times the image`);
      }
    });
  }

  it('of inspecting: a part of the declared image, whose voxels are never held', async (test) => {
    const folder = await temporaryFolder(test);
    const large = 4 * declared;
    const file = niftiBytes(gridOf([256, 256, 512]), 'float64', Buffer.alloc(large));
    const bytes = Buffer.concat([file.header, file.voxels]);
    for (const { name, path } of plainAndZipped(folder, bytes)) {
      const needed = peakOf('inspectFile', [path]) - base;
      assert.ok(needed < 0.5 * large, `${name}: ${(needed / large).toFixed(2)} times the image`);
    }
  });

  it('of pictures: at most half as much again as the declared image', async (test) => {
    const folder = await temporaryFolder(test);
    const noise = Buffer.concat([voxelsOf('uint8'), voxelsOf('uint8')]);
    for (const [channels, side] of [
      [1, 8192],
      [3, 6500],
    ] as const) {
      const bytes = channels * side * side;
      const path = join(folder, `${channels}.png`);
      const raw = { width: side, height: side, channels };
      const picture = sharp(noise.subarray(0, bytes), { raw }).png({ compressionLevel: 1 });
      await picture.toColourspace(channels === 1 ? 'b-w' : 'srgb').toFile(path);
      const needed = peakOfReading(path) - base;
      assert.ok(needed > 0.8 * bytes, 'the picture itself was not held, so nothing was measured');
      assert.ok(needed <= 1.5 * bytes, `${channels} channels: ${(needed / bytes).toFixed(2)} times the picture`);
    }
  });

  it('of a gzip that expands beyond its header: no more than the header declares', async (test) => {
    const folder = await temporaryFolder(test);
    const zeros = Buffer.alloc(4 * declared);
    for (const side of [4, 128]) {
      const values = new Float32Array(side ** 3);
      const header = encodeNifti({ grid: gridOf([side, side, side]), values });
      const bomb = join(folder, `${side}.nii.gz`);
      writeFileSync(bomb, gzipSync(Buffer.concat([header, zeros]), { level: 1 }));
      assert.ok(peakOfReading(bomb) - base < 1.5 * values.byteLength + 12 * megabyte);
    }
  });
});
