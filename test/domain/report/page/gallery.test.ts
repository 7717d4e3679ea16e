import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { GalleryDataSet } from '../../../../domain/report/gallery/gallery.js';
import { renderReport } from '../../../../domain/report/page/render-report.js';
import { formatSigned } from '../../../../domain/report/words/format-number.js';
import { syntheticGalleryOf } from '../synthetic-gallery.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from '../synthetic-report-input.js';

function pageWith(gallery: readonly GalleryDataSet[], rows = syntheticRows()): string {
  return renderReport(syntheticReportInput(syntheticResultsInput(rows), { gallery }));
}

/** The gallery's figures; the row of the first screen is not one of them. */
function sectionOf(page: string): string {
  return /<section id="cases">.*?<\/section>/s.exec(page)?.[0] ?? '';
}

const teaserOf = (page: string): string => /<figure class="teaser">.*?<\/figure>/s.exec(page)?.[0] ?? '';

const labelsOf = (page: string): string[] =>
  [...page.matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, label = '']) => label);

describe('the gallery', () => {
  it('says of each picture in words what it shows, with the volume error of its arm', () => {
    const high = syntheticGalleryOf('phantom-3d-high');
    const labels = labelsOf(sectionOf(pageWith([high])));
    // 2 cases × 3 planes × (image and 6 arms).
    assert.equal(labels.length, 2 * 3 * 7);
    const [first] = high.cases;
    const error = first?.arms.find(({ model, loss }) => model === 'unet' && loss === 'sd')?.volumeError ?? NaN;
    const wanted = `axial slice of case phantom-3d-high-001: probability by U-Net with soft Dice, ΔV ${formatSigned(error)} ml`;
    assert.ok(labels.includes(wanted), wanted);
    assert.ok(labels.includes('sagittal slice of case phantom-3d-high-002: T1 with the outline of the true structure'));
  });

  it('draws pictures in mm, and writes the sides of the patient beside the image', () => {
    const section = sectionOf(pageWith([syntheticGalleryOf('phantom-3d-high')]));
    // 40 × 20 pixels of 1.5 × 3 mm.
    assert.match(section, /<svg viewBox="0 0 60 60" role="img"/);
    assert.match(section, /<image width="60" height="60" preserveAspectRatio="none"/);
    assert.match(section, /transform="scale\(0\.15 0\.3\)" vector-effect="non-scaling-stroke" d="M10 10l30 0 0 30z"/);
    const letters = [...section.matchAll(/<span class="(\w+)" aria-hidden="true">(\w)</g)].map(
      ([, edge, letter]) => `${edge} ${letter}`,
    );
    assert.deepEqual(letters.slice(0, 8), [
      'left R',
      'right L',
      'top A',
      'bottom P',
      'left R',
      'right L',
      'top S',
      'bottom I',
    ]);
    const flat = pageWith([syntheticGalleryOf('phantom-2d-high', syntheticRows(), 2)]);
    assert.match(flat, /aria-label="case phantom-2d-high-001: probability by LR with cross-entropy/);
    assert.doesNotMatch(sectionOf(flat), /aria-hidden="true">[RLAPSI]<|patient/);
  });

  it('has each picture and each outline of the truth on the page once, and refers only to what is there', () => {
    const page = pageWith([
      syntheticGalleryOf('phantom-2d-low', syntheticRows(), 2),
      syntheticGalleryOf('phantom-3d-high'),
    ]);
    // Two data sets of 2 cases, with 1 and 3 planes of 7 pictures.
    assert.equal(page.split('data:image/png;base64,').length - 1, 2 * 7 + 2 * 3 * 7);
    assert.equal(page.split('d="M10 10l20 0 0 20z"').length - 1, 2 + 2 * 3);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, id = ''] of page.matchAll(/ href="#([^"]*)"/g)) assert.ok(ids.includes(id), id);
  });

  it('leaves the place of a missing arm empty, and says so', () => {
    const { cases, ...rest } = syntheticGalleryOf('phantom-3d-high');
    const gallery = {
      ...rest,
      cases: cases.map(({ arms, views, ...one }) => ({
        ...one,
        arms: arms.map((arm, index) => (index === 5 ? { ...arm, volumeError: null } : arm)),
        views: views.map((view) => ({ ...view, maps: view.maps.map((map, index) => (index === 5 ? null : map)) })),
      })),
    };
    const page = pageWith([gallery]);
    assert.equal(sectionOf(page).split('no prediction').length - 1, 2 * 3);
    assert.equal(labelsOf(sectionOf(page)).length, 2 * 3 * 6);
    assert.match(teaserOf(page), /no prediction.*no results/s);
  });

  it('shows no section without pictures', () => {
    assert.doesNotMatch(pageWith([]), /What the networks predict|class="teaser"/);
    const { cases, ...rest } = syntheticGalleryOf('phantom-3d-high');
    assert.ok(cases.length > 0);
    assert.doesNotMatch(pageWith([{ ...rest, cases: [] }]), /What the networks predict|class="teaser"/);
  });

  it('shows names of cases and modalities as text', () => {
    const hostile = `"><script>alert('1')</script>`;
    const rows = syntheticRows().map((row) => ({ ...row, caseId: row.caseId + hostile }));
    const gallery = { ...syntheticGalleryOf('phantom-3d-high', rows), modality: hostile };
    const page = pageWith([gallery], rows);
    assert.doesNotMatch(page, /<script/);
    assert.ok(sectionOf(page).includes('phantom-3d-high-001&quot;&gt;&lt;script&gt;'));
  });
});

describe('the row of pictures on the first screen', () => {
  const gallery = ['phantom-2d-low', 'phantom-2d-high', 'phantom-3d-low', 'phantom-3d-high'].map((name) =>
    syntheticGalleryOf(name),
  );
  const claim = /cross-entropy predicts grey.*soft Dice decides all or nothing/;

  it('is of the data set with the largest bias for its volumes, and says what one sees', () => {
    const { dataSets } = syntheticReportInput().results;
    const biasOf = (name: string): number => {
      const arms = dataSets.find((dataSet) => dataSet.name === name)?.arms ?? [];
      const arm = arms.find(({ model, loss }) => model === 'unet' && loss === 'sd');
      return arm?.cells.volumeError.relativeBias ?? NaN;
    };
    const [largest = ''] = gallery.map(({ dataSet }) => dataSet).sort((one, other) => biasOf(other) - biasOf(one));
    assert.notEqual(largest, gallery[0]?.dataSet);
    const page = pageWith(gallery);
    const teaser = teaserOf(page);
    assert.ok(
      teaser.includes(`${largest}, ${largest}-002: the case with the largest |ΔV| of U-Net trained with soft Dice`),
    );
    assert.match(teaser, claim);
    assert.equal(labelsOf(teaser).length, 3);
    assert.ok(page.indexOf('class="teaser"') < page.indexOf('<main>'));
  });

  it('claims nothing where soft Dice is not biased, and nothing that the picture does not show', () => {
    const unbiased = syntheticRows().map((row) => (row.loss === 'sd' ? { ...row, volumeError: 0 } : row));
    const page = pageWith(gallery, unbiased);
    assert.match(teaserOf(page), /phantom-2d-low-002: the case with the largest/);
    assert.doesNotMatch(page, claim);
    const withOpen = (ofCe: number, ofSd: number): string =>
      pageWith(
        gallery.map(({ cases, ...rest }) => ({
          ...rest,
          cases: cases.map(({ views, ...one }) => ({
            ...one,
            views: views.map((view) => ({
              ...view,
              maps: view.maps.map((map, index) => map && { ...map, openShare: index % 2 === 0 ? ofCe : ofSd }),
            })),
          })),
        })),
      );
    assert.match(withOpen(0.3, 0.1), claim);
    assert.doesNotMatch(withOpen(0.2, 0), claim);
    assert.doesNotMatch(withOpen(0.5, 0.4), claim);
  });
});
