import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { damaged, refusal } from '../../support/images/image-files.js';

describe('formats that are not read say what to do', () => {
  const preamble = Buffer.alloc(132);
  preamble.write('DICM', 128);
  for (const [name, bytes, advice] of [
    ['scan.dcm', Buffer.alloc(10), /dcm2niix -z y -o/],
    ['IM000001', preamble, /dcm2niix -z y -o/],
    ['scan.mhd', Buffer.alloc(10), /save it as one \.mha/],
    ['scan.nhdr', Buffer.alloc(10), /save it as one \.nrrd/],
    ['scan.bmp', Buffer.alloc(10), /convert it to PNG/],
    ['scan.xyz', Buffer.alloc(10), /unsupported file type; expected .*\.nrrd, \.mha/],
  ] as const) {
    it(name, async () => {
      const { message } = await refusal(damaged(name, bytes));
      assert.match(message, advice);
    });
  }
});
