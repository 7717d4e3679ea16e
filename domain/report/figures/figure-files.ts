import { standaloneSvg, type Figure } from '../../figures/figure.js';
import { legend } from '../../figures/legend.js';
import { lightPalette } from '../../figures/palette.js';
import { markup } from '../../markup/markup.js';
import type { ReportInput } from '../report-input.js';
import { calibrationText } from '../words/calibration-text.js';
import { percent } from '../words/format-number.js';
import { noTraceWords, traceWords } from '../words/trace-words.js';
import { agreementFigure } from './agreement-figure.js';
import { agreementMeanings } from './agreement-meanings.js';
import { biasFigure } from './bias-figure.js';
import { caseFigure } from './case-figure.js';
import { learningFigure } from './learning-figure.js';
import { curveMeanings, markMeanings, sampleBox, type MarkMeaning } from './mark-meanings.js';
import { reliabilityFigure } from './reliability-figure.js';

/**
 * The figures of the report's page as SVG files of their own, by name, such as `figures/figure-1-bias.svg`: in light colours, with the
 * meanings of their marks below them. Those without any results are left out, as they are on the page.
 */
export function figureFiles({ results, trainings, sweepId, partial }: ReportInput): Readonly<Record<string, string>> {
  const { losses, confidence, source, dataSets } = results;
  // Keys stay in the page: they also differ by the words of a failure, which no figure shows.
  const trace = partial === undefined ? traceWords(sweepId, { dataSets: [], trainings: [] }) : noTraceWords;
  const interval = `${percent(confidence)} %`;
  const withTheory = source.theory.length > 0;
  const isCalibrated = dataSets.some((dataSet) => calibrationText(dataSet) !== undefined);
  const ofLosses = markMeanings(losses, {});
  const figures: readonly (readonly [name: string, figure: Figure, meanings: readonly MarkMeaning[]])[] = [
    ['figure-1-bias', biasFigure(results, trace), markMeanings(losses, { interval, withTheory })],
    ['figure-2-cases', caseFigure(results, trace), ofLosses],
    ['figure-3-agreement', agreementFigure(results), agreementMeanings(results)],
    ...(isCalibrated ? [['figure-4-reliability', reliabilityFigure(results, trace), ofLosses] as const] : []),
    ...(trainings.length > 0
      ? [['figure-5-learning', learningFigure(results, trainings, trace), curveMeanings] as const]
      : []),
  ];
  return Object.fromEntries(
    figures.map(([name, figure, meanings]) => [
      `figures/${name}.svg`,
      standaloneSvg(withMeanings(figure, meanings), lightPalette),
    ]),
  );
}

function withMeanings(figure: Figure, meanings: readonly MarkMeaning[]): Figure {
  const entries = meanings.map(({ sample, text }) => ({
    sample: markup`<g transform="translate(0 ${-sampleBox.height / 2})">${sample}</g>`,
    text,
  }));
  const rows = legend(entries, { x: 0, y: figure.height + sampleBox.height / 2 }, { down: sampleBox.height });
  return {
    ...figure,
    height: figure.height + meanings.length * sampleBox.height,
    content: markup`${figure.content}${rows}`,
  };
}
