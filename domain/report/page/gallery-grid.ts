import type { GalleryCase, GalleryDataSet, GalleryView } from '../gallery/gallery.js';
import { reachableVolume } from '../../evaluate/evaluate-case.js';
import { outlineStepsPerPixel } from '../gallery/outline.js';
import { seriesClass } from '../../figures/series-mark.js';
import type { Results } from '../../results/results.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { formatBrief, formatSigned, withUnit } from '../words/format-number.js';
import { lossLong, lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { scrollArea } from './scroll-area.js';

/** The pictures of a case, and what the page needs to place and name them. */
export interface CasePictures {
  readonly dataSet: GalleryDataSet;
  readonly one: GalleryCase;
  /** Begins the ids of the case's pictures: unique on the page. */
  readonly id: string;
  readonly results: Pick<Results, 'losses' | 'source'>;
  readonly trace: TraceWords;
}

type GalleryArm = GalleryCase['arms'][number];

/** Beyond this, a picture has more pixels than the page shows of it, and blocks would only be an artefact. */
const mostPixelsAsBlocks = 160;

/** A column for the image, then one for each arm; a row for each plane. The ids are referred to by `shownAgain`. */
export function galleryGrid(pictures: CasePictures): Markup {
  const { one } = pictures;
  const columns = [
    column(
      imageHead(pictures),
      one.views.map((view, row) => imageCell(pictures, view, row)),
      trueVolumeOf(pictures),
    ),
    ...one.arms.map((arm, position) =>
      column(
        armHead(pictures, arm),
        one.views.map((view, row) => mapCell(pictures, { arm, position, view, row })),
        volumeErrorOf(pictures, arm),
      ),
    ),
  ];
  return gridOf(pictures, one.views.length, columns);
}

/** A row of the case's pictures that `galleryGrid` shows elsewhere on the page, without their bytes. */
export function shownAgain(pictures: CasePictures, arms: readonly GalleryArm[]): Markup {
  const { one, id } = pictures;
  const [view] = one.views;
  if (view === undefined) return nothing;
  const again = (position: number | null, label: string, letters?: Markup): Markup =>
    framed(view, label, markup`<use href="#${pictureId(id, 0, position)}"/>`, letters);
  const columns = [
    column(imageHead(pictures), [again(null, imageLabel(pictures, view), lettersOf(view))], trueVolumeOf(pictures)),
    ...arms.map((arm) => {
      const position = one.arms.indexOf(arm);
      const cell = view.maps[position] == null ? missing : again(position, mapLabel(pictures, view, arm));
      return column(armHead(pictures, arm), [cell], volumeErrorOf(pictures, arm));
    }),
  ];
  return gridOf(pictures, 1, columns);
}

function gridOf({ one }: CasePictures, rows: number, columns: readonly Markup[]): Markup {
  return markup`<div ${scrollArea(`Pictures of ${one.caseId}`)}><div class="pictures rows-${rows}">
${columns}</div></div>`;
}

function column(head: Markup, cells: readonly Markup[], foot: Markup): Markup {
  return markup`<div class="head">${head}</div>${cells}<div class="foot">${foot}</div>
`;
}

function imageHead({ dataSet }: CasePictures): Markup {
  return markup`${dataSet.modality}<br>${key('truth')}truth`;
}

/** With the part that ΔV compares with, where the networks could not see all. */
function trueVolumeOf({ one }: CasePictures): Markup {
  const { truthVolume, unpredictableVolume, unit } = one;
  const whole = markup`true ${withUnit(formatBrief(truthVolume), unit)}`;
  if (unpredictableVolume === 0) return whole;
  return markup`${whole}, of which networks saw ${withUnit(formatBrief(reachableVolume(one)), unit)}`;
}

function armHead({ results }: CasePictures, { model, loss }: GalleryArm): Markup {
  return markup`${modelLabel(model)}<br>${key(seriesClass(results.losses.indexOf(loss)))}${lossShort(loss)}`;
}

/** A sample of an outline. */
function key(name: string): Markup {
  const back = name === 'truth' ? markup`<path class="outline back" d="M0 5H18"/>` : nothing;
  return markup`<svg viewBox="0 0 18 10" aria-hidden="true">${back}<path class="outline ${name}" d="M0 5H18"/></svg>`;
}

function volumeErrorOf({ dataSet, one, results, trace }: CasePictures, arm: GalleryArm): Markup {
  const { model, loss, volumeError } = arm;
  if (volumeError === null) return markup`no results`;
  const row = results.source.rows.find(
    (other) =>
      other.dataSet === dataSet.dataSet && other.caseId === one.caseId && other.model === model && other.loss === loss,
  );
  const title = row === undefined ? nothing : markup` title="${trace.ofCase(row, 'volumeError')}"`;
  return markup`<span${title}>ΔV ${withUnit(formatSigned(volumeError), one.unit)}</span>`;
}

const missing = markup`<div class="picture missing">no prediction</div>`;

function imageCell(pictures: CasePictures, view: GalleryView, row: number): Markup {
  const { id } = pictures;
  const outline =
    view.truth === ''
      ? nothing
      : markup`<defs><path id="${truthId(id, row)}" transform="${outlineScale(view)}" vector-effect="non-scaling-stroke" d="${view.truth}"/></defs>${truthOutline(pictures, view, row)}`;
  const content = markup`<g id="${pictureId(id, row, null)}">${raster(view, view.picture)}${outline}</g>`;
  return framed(view, imageLabel(pictures, view), content, lettersOf(view));
}

function mapCell(
  pictures: CasePictures,
  {
    arm,
    position,
    view,
    row,
  }: { readonly arm: GalleryArm; readonly position: number; readonly view: GalleryView; readonly row: number },
): Markup {
  const map = view.maps[position];
  if (map == null) return missing;
  const series = seriesClass(pictures.results.losses.indexOf(arm.loss));
  const outline =
    map.outline === ''
      ? nothing
      : markup`<path class="outline ${series}" transform="${outlineScale(view)}" vector-effect="non-scaling-stroke" d="${map.outline}"/>`;
  const content = markup`<g id="${pictureId(pictures.id, row, position)}">${raster(view, map.picture)}${truthOutline(pictures, view, row)}${outline}</g>`;
  return framed(view, mapLabel(pictures, view, arm), content);
}

/** The path is on the page once; each picture draws it light upon dark, so that it shows on black and on white. */
function truthOutline({ id }: CasePictures, view: GalleryView, row: number): Markup {
  if (view.truth === '') return nothing;
  const reference = `#${truthId(id, row)}`;
  return markup`<use class="outline back" href="${reference}"/><use class="outline truth" href="${reference}"/>`;
}

/** What lies at the edges of a row's pictures. */
function lettersOf({ place: { edges } }: GalleryView): Markup {
  if (edges === null) return nothing;
  const letters = (['left', 'right', 'top', 'bottom'] as const).map(
    (edge) => markup`<span class="${edge}" aria-hidden="true">${edges[edge]}</span>`,
  );
  return markup`${letters}`;
}

/** The frame has the picture's size in mm. */
function framed(view: GalleryView, label: string, content: Markup, letters = nothing): Markup {
  const [width, height] = sizeMm(view);
  return markup`<div class="picture"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${content}</svg>${letters}</div>`;
}

function raster(view: GalleryView, png: string): Markup {
  const [width, height] = sizeMm(view);
  const few = Math.max(view.place.width, view.place.height) <= mostPixelsAsBlocks;
  const rendering = few ? markup` image-rendering="pixelated"` : nothing;
  return markup`<image width="${width}" height="${height}" preserveAspectRatio="none"${rendering} href="data:image/png;base64,${png}"/>`;
}

function sizeMm({ place: { width, height, spacingMm } }: GalleryView): readonly [number, number] {
  return [rounded(width * spacingMm[0]), rounded(height * spacingMm[1])];
}

/** From an outline's steps to mm. */
function outlineScale({ place: { spacingMm } }: GalleryView): string {
  const [x, y] = [spacingMm[0] / outlineStepsPerPixel, spacingMm[1] / outlineStepsPerPixel];
  return `scale(${rounded(x)} ${rounded(y)})`;
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}

function imageLabel({ dataSet, one }: CasePictures, view: GalleryView): string {
  return `${whereOf(view)}case ${one.caseId}: ${dataSet.modality} with the outline of the true structure`;
}

function mapLabel({ one }: CasePictures, view: GalleryView, { model, loss, volumeError }: GalleryArm): string {
  const error = volumeError === null ? '' : `, ΔV ${withUnit(formatSigned(volumeError), one.unit)}`;
  return `${whereOf(view)}case ${one.caseId}: probability by ${modelLabel(model)} with ${lossLong(loss)}${error}`;
}

function whereOf({ place: { name } }: GalleryView): string {
  return name === 'picture' ? '' : `${name} slice of `;
}

function pictureId(id: string, row: number, position: number | null): string {
  return `${id}-${row}-${position ?? 'image'}`;
}

function truthId(id: string, row: number): string {
  return `${id}-${row}-truth`;
}
