import assert from 'node:assert/strict';
import { it } from 'node:test';

import { reportFiles } from '../../../domain/report/report-files.js';
import type { GalleryDataSet } from '../../../domain/report/gallery/gallery.js';
import { syntheticGalleryOf } from './synthetic-gallery.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from './synthetic-report-input.js';

const name = 'phantom-3d-high';
const softDiceBias = { lr: 9.4, convnet: 5.2, unet: 4.4 };
const rows = syntheticRows([{ name, unit: 'ml', cases: 500, meanVolume: 18, softDiceBias, noise: 2.4 }]);

/** As base64: no picture is larger than 320 × 320 grey pixels, and PNG makes none larger by more than 2 %. */
const largestPicture = 'A'.repeat(Math.ceil((320 * 320 * 1.02 * 4) / 3));

function withLargestPictures({ cases: [best, worst], ...rest }: GalleryDataSet): GalleryDataSet {
  if (best === undefined || worst === undefined) throw new Error('the gallery has two cases');
  const cases = [best, { ...best, place: 'median' as const }, worst].map((one) => ({
    ...one,
    views: one.views.map((view) => ({
      ...{ ...view, picture: largestPicture },
      maps: view.maps.map((map) => map && { ...map, picture: largestPicture }),
    })),
  }));
  return { ...rest, cases };
}

it('a report of 500 cases and 6 arms has less than 15 MB, whatever its pictures show', () => {
  const { dataSets, ...rest } = syntheticResultsInput(rows);
  const own = dataSets
    .filter((dataSet) => dataSet.name === name)
    .map((one) => ({ ...one, cases: 500, participants: 500 }));
  const gallery = [withLargestPictures(syntheticGalleryOf(name, rows))];
  const files = reportFiles(syntheticReportInput({ ...rest, dataSets: own }, { gallery }));
  const page = Buffer.byteLength(files['report.html'] ?? '');
  assert.match(files['report.html'] ?? '', /Volume errors of 500 cases/);
  assert.ok(page > 9e6 && page < 15e6, `${page} bytes`);
  // Their sizes do not depend on pictures.
  const others = Object.entries(files).filter(([file]) => file !== 'report.html');
  const sum = others.reduce((total, [, text]) => total + Buffer.byteLength(text), 0);
  assert.ok(sum < 5e6, `${sum} bytes`);
});
