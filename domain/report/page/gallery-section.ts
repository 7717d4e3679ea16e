import type { GalleryCase, GalleryDataSet } from '../gallery/gallery.js';
import { leastOutlined } from '../gallery/outline.js';
import type { GalleryPlace } from '../gallery/choose-cases.js';
import type { Results, Verdict } from '../../results/results.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { gridLabel, lossLong, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { galleryGrid, shownAgain, type CasePictures } from './gallery-grid.js';

const places: Readonly<Record<GalleryPlace, string>> = { best: 'smallest', median: 'median', worst: 'largest' };

/** A figure for each case that stands for its data set. */
export function gallerySection(gallery: readonly GalleryDataSet[], results: Results, trace: TraceWords): Markup {
  if (gallery.every(({ cases }) => cases.length === 0)) return nothing;
  const { threshold = 0.5 } = gallery[0] ?? {};
  const volumes = gallery.some(({ cases }) => cases.some(({ views }) => views.length > 1));
  const planes = volumes
    ? ' Each plane is shown at the slice with the most structure; the patient’s right is at the left.'
    : '';
  const figures = gallery.map((dataSet, index) =>
    dataSet.cases.map(
      (one, position) => markup`<figure>${galleryGrid({ dataSet, one, results, trace, id: idOf(index, position) })}
<figcaption>${placeOf(dataSet, one)}.</figcaption></figure>
`,
    ),
  );
  return markup`<section id="cases"><h2>What the networks predict</h2>
<p>Of each data set the cases with the smallest, the median and the largest |ΔV|, as the captions say. Probabilities are grey: black is 0, white is 1. The coloured outline is where they exceed ${threshold} (without parts of fewer than ${leastOutlined} pixels), the yellow one is the true structure.${planes} Images are drawn between their percentiles 0.5 and 99.5. Pictures are on the working grid, ΔV is on the ${gridLabel(results.grid)}${results.repeats > 1 ? '; of repeats, the first is shown' : ''}.</p>
${figures.flat()}</section>`;
}

/** One row of the gallery's pictures for the first screen, with what it shows of the losses; nothing without pictures. */
export function galleryTeaser(gallery: readonly GalleryDataSet[], results: Results, trace: TraceWords): Markup {
  const index = teaserIndex(gallery, results);
  const dataSet = gallery[index];
  const position = dataSet?.cases.findIndex(({ place }) => place === 'worst') ?? -1;
  const one = dataSet?.cases[position];
  if (dataSet === undefined || one === undefined) return nothing;
  const pictures: CasePictures = { dataSet, one, results, trace, id: idOf(index, position) };
  const arms = one.arms.filter(({ model }) => model === dataSet.chosenBy.model);
  const { verdict } = results.dataSets.find(({ name }) => name === dataSet.dataSet) ?? {};
  return markup`<figure class="teaser">${shownAgain(pictures, arms)}
<figcaption>${lossesSeen(dataSet, one, verdict)}${placeOf(dataSet, one)}. Black is a probability of 0, white of 1. <a href="#cases">More cases</a></figcaption></figure>`;
}

/** The data set with the largest significant bias of its loss in relation to the volumes, otherwise the first; only of those with pictures. */
function teaserIndex(gallery: readonly GalleryDataSet[], results: Results): number {
  const sizes = gallery.map(({ dataSet, chosenBy: { model, loss }, cases }) => {
    if (cases.length === 0) return -1;
    const verdict = results.dataSets.find(({ name }) => name === dataSet)?.verdict;
    if (verdict?.model !== model || !verdict.biased.includes(loss)) return 0;
    return Math.abs(verdict.arms.find((arm) => arm.loss === loss)?.cells.volumeError.relativeBias ?? 0);
  });
  return sizes.indexOf(Math.max(...sizes));
}

/**
 * Only where the model is significantly biased with the loss and the picture shows it: cross-entropy leaves a quarter of
 * what it predicts open, and at least twice as much as the loss does.
 */
function lossesSeen(
  { chosenBy: { model, loss } }: GalleryDataSet,
  { arms, views: [view] }: GalleryCase,
  verdict: Verdict | undefined,
): string {
  const openWith = (name: string): number =>
    view?.maps[arms.findIndex((arm) => arm.model === model && arm.loss === name)]?.openShare ?? NaN;
  const shown = openWith('ce') >= Math.max(0.25, 2 * openWith(loss));
  if (loss === 'ce' || verdict?.model !== model || !verdict.biased.includes(loss) || !shown) return '';
  return `Where the image leaves it open, cross-entropy predicts grey, a probability between 0 and 1; ${lossLong(loss)} decides all or nothing. `;
}

/** Which case it is, and by which rule it was chosen. */
function placeOf({ dataSet, chosenBy: { model, loss } }: GalleryDataSet, { caseId, place }: GalleryCase): string {
  return `${dataSet}, ${caseId}: the case with the ${places[place]} |ΔV| of ${modelLabel(model)} trained with ${lossLong(loss)}`;
}

function idOf(dataSet: number, position: number): string {
  return `case-${dataSet}-${position}`;
}
