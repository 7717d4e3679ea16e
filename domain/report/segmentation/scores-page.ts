import { calibrationBins } from '../../evaluate/segmentation/calibration.js';
import { scoreMeans, scoreNames } from '../../evaluate/segmentation/score-means.js';
import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';
import { inlineSvg } from '../../figures/figure.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { volumeErrorTests } from '../../results/volume-error-tests.js';
import { htmlPage } from '../page/html-page.js';
import { counted, formatNumber, formatSigned, withUnit } from '../words/format-number.js';
import { meanCells, partialMeans, scoreCells, scoreHeadings, type ScoredCases } from './scored-cases.js';
import { volumeTestLines } from './volume-test-text.js';
import { errorFigure } from './error-figure.js';
import { scrollArea } from '../page/scroll-area.js';

/** The page of `volbias evaluate`: one HTML file without scripts or external resources; equal input gives equal bytes. */
export function scoresPage(scored: ScoredCases): string {
  const title = `Segmentation metrics of ${counted(scored.cases.length, 'case')}`;
  const body = markup`<header><h1>${title}</h1>${finding(scored)}</header>
<main>${leftOut(scored)}${figures(scored)}
<section><h2>All metrics</h2>${table(scored)}</section>
<section><h2>Definitions</h2>${definitions(scored)}</section></main>`;
  return htmlPage(title, body);
}

function finding({ cases }: ScoredCases): Markup {
  const { volumeError, truthVolume } = scoreMeans(cases);
  const unit = cases[0]?.unit;
  if (unit === undefined || volumeError.mean === null || truthVolume.mean === null) return nothing;
  const [error, volume] = [formatSigned(volumeError.mean), formatNumber(truthVolume.mean)];
  return markup`<div class="overall"><p>Mean volume error ΔV = predicted − true: ${withUnit(error, unit)}, with a mean true volume of ${withUnit(volume, unit)}.</p></div>
${tested(cases, unit)}`;
}

function tested(cases: ScoredCases['cases'], unit: VolumeUnit): Markup {
  const tests = volumeErrorTests(cases);
  if (tests === null) return markup`<p class="note">One case says nothing about others: there is no test.</p>`;
  const { outcomes, remarks } = volumeTestLines(tests, unit);
  return markup`${outcomes.map((line) => markup`<p>${line}</p>`)}<p class="note">${remarks.join(' ')}</p>`;
}

function leftOut({ refused, unmatched }: ScoredCases): Markup {
  const lines = [
    ...refused.map(({ case: name, reason }) => `${name}: ${reason}`),
    ...unmatched.predictions.map((path) => `${path}: no truth of this name`),
    ...unmatched.truths.map((path) => `${path}: no prediction of this name`),
  ];
  if (lines.length === 0) return nothing;
  return markup`<div class="warning"><p><strong>Not measured</strong></p>${lines.map((line) => markup`<p>${line}</p>`)}</div>
`;
}

function figures({ cases }: ScoredCases): Markup {
  const units = [...new Set(cases.map(({ unit }) => unit))];
  return markup`<section><h2>Volume error of each case</h2>${units.map((unit) => {
    const figure = errorFigure(
      cases.filter((one) => one.unit === unit),
      unit,
    );
    return markup`<figure><div ${scrollArea(`Volume errors in ${unitLabel(unit)}`)}>${inlineSvg(figure)}</div>
<figcaption>ΔV of each case against its true volume, in ${unitLabel(unit)}; the dashed line marks the mean. A slope indicates that the error depends on the size of the structure.</figcaption></figure>
`;
  })}</section>`;
}

function table({ cases }: ScoredCases): Markup {
  const headings = scoreHeadings(cases, scoreNames).map((text) => markup`<th scope="col">${text}</th>`);
  const cells = (texts: readonly string[]): Markup[] => texts.map((text) => markup`<td>${text}</td>`);
  const rows = cases.map(
    (one) => markup`<tr><th class="text wrap" scope="row">${one.case}</th>${cells(scoreCells(one, scoreNames))}</tr>
`,
  );
  const notes = partialMeans(cases, scoreNames).map((text) => markup`<br>${text}.`);
  return markup`<div ${scrollArea('All metrics')}><table>
<caption>— : not defined for this case.${notes}</caption>
<thead><tr><th class="text" scope="col">Case</th>${headings}</tr></thead>
<tbody>${rows}</tbody>
<tbody><tr><th class="text" scope="row">mean</th>${cells(meanCells(cases, scoreNames))}</tr></tbody></table></div>`;
}

function definitions({ toleranceMm }: ScoredCases): Markup {
  const terms: [string, string][] = [
    [
      'ΔV',
      'Volume error: the sum of the probabilities (of a mask: its voxels) minus that of the truth, times the volume of a voxel.',
    ],
    [
      'CE, 1 − SD',
      'Cross-entropy as the mean over the voxels, with probabilities clipped to 10⁻⁷ from 0 and 1; score of soft Dice.',
    ],
    [
      'Dice, Jaccard, precision, recall, specificity',
      'Of the masks of probabilities above 0.5; recall is also called sensitivity.',
    ],
    [
      'HD95, ASSD',
      '95th percentile of the Hausdorff distance, and average symmetric surface distance. Surfaces are measured by area (of one slice: contours by length), as google-deepmind/surface-distance does. Not defined if only one mask is empty; 0 if both are.',
    ],
    [
      'NSD',
      `Normalised surface Dice: the share of both surfaces within ${toleranceMm} mm (of pictures: pixels) of the other.`,
    ],
    [
      'lesion F1',
      'Of connected parts (26 neighbours; of one slice: 8): a lesion is found by any overlap, or by an IoU above 0.5 with one predicted part.',
    ],
    [
      'ECE, Brier',
      `Expected calibration error in ${calibrationBins} bins of equal width, and mean squared error of the probabilities, over all voxels of the image.`,
    ],
  ];
  return markup`<dl>${terms.map(([term, text]) => markup`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
}
