import { DomainError } from '../../domain/domain-error.js';
import { analyseLaw, analyseRegions } from '../../domain/theory/analysis/analyse-losses.js';
import { expertAgreement } from '../../domain/theory/analysis/expert-agreement.js';
import { expertLaw } from '../../domain/theory/analysis/laws/expert-law.js';
import type { LossSettings } from '../../domain/theory/analysis/losses/loss-settings.js';
import { assertRegions, paperRegions } from '../../domain/theory/analysis/region.js';
import { switchProbability, switchProbabilityLimit } from '../../domain/theory/analysis/switch-probability.js';
import { figure1Csv, figure1Data } from '../../domain/theory/figures/figure-1-data.js';
import { figure1 } from '../../domain/theory/figures/figure-1.js';
import { lossCurves, lossCurvesCsv, lossFigureValues } from '../../domain/theory/figures/loss-curves.js';
import { lossFigure } from '../../domain/theory/figures/loss-figure.js';
import { figure1Palette, lossFigurePalette } from '../../domain/theory/figures/palettes.js';
import { symmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';
import { parseColouring, parseLossSettings, parseNumberIn, parseRegions, type LossFlags } from './parse-arguments.js';
import { readExpertMasks } from './read-expert-masks.js';
import { agreementText, analysisText, switchTable, symmetricText } from './theory-text.js';
import { writeFigure } from './write-figure.js';

/** The flags of `volbias theory` as typed. */
export interface TheoryFlags extends LossFlags {
  readonly n?: string;
  readonly mu?: string;
  readonly p?: string;
  readonly regions?: string;
  readonly masks?: readonly string[];
  readonly figure: string;
  readonly output: string;
  readonly points: string;
  readonly colours: string;
  readonly seed: string;
  readonly json?: true;
}

/** What the verb prints: `text` for people, `json` for machines. */
export interface TheoryAnswer {
  readonly text: string;
  readonly json: unknown;
}

/**
 * Answers one call of `volbias theory`: for a symmetric case (`n`, `mu`, `p`), for given regions, for experts' masks
 * or, with none of these, by writing a figure to a folder. Throws ARGUMENT_INVALID naming the invalid flag.
 */
export async function answerTheory(flags: TheoryFlags): Promise<TheoryAnswer> {
  const settings = parseLossSettings(flags);
  const seed = parseNumberIn(flags.seed, '--seed', { least: 0, most: 2 ** 31 - 1, whole: true });
  const symmetric = [flags.n, flags.mu, flags.p].some((flag) => flag !== undefined);
  const asked = [symmetric, flags.regions !== undefined, flags.masks !== undefined].filter(Boolean).length;
  if (asked > 1) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      '--n --mu --p, --regions and --masks exclude each other: give one at a time',
    );
  }
  if (symmetric) return answerSymmetric(flags, settings, seed);
  if (flags.regions !== undefined) return answerRegions(flags.regions, settings, seed);
  if (flags.masks !== undefined) return answerMasks(flags.masks, settings);
  return answerFigure(flags, settings);
}

function answerSymmetric(flags: TheoryFlags, settings: LossSettings, seed: number): TheoryAnswer {
  const required = (name: 'n' | 'mu' | 'p'): string => {
    const text = flags[name];
    if (text === undefined)
      throw new DomainError('ARGUMENT_INVALID', `--${name}: missing; the symmetric case needs --n, --mu and --p`);
    return text;
  };
  const n = parseNumberIn(required('n'), '--n', { least: 1, most: 1_000_000, whole: true });
  const mu = parseNumberIn(required('mu'), '--mu', { least: 0 });
  const p = parseNumberIn(required('p'), '--p', { least: 0, most: 1 });
  const regions = paperRegions(mu, n, p);
  assertRegions(regions, '--mu');
  const geometry = { coreVolume: 1, uncertainVolume: mu, regions: n };
  const answer = {
    switchProbability: switchProbability(geometry),
    ...symmetricOptimum({ ...geometry, probability: p }),
    switchProbabilityLimit: switchProbabilityLimit(mu),
  };
  const analysis = analyseRegions(regions, settings, { seed });
  return {
    text: `${symmetricText({ mu, p, ...answer })}\n\n${analysisText(analysis)}\nRegions: β (N of them), γ, α.`,
    json: { n, mu, p, ...answer, ...analysis },
  };
}

function answerRegions(text: string, settings: LossSettings, seed: number): TheoryAnswer {
  const regions = parseRegions(text);
  const analysis = analyseRegions(regions, settings, { seed });
  return { text: analysisText(analysis), json: { regions, ...analysis } };
}

async function answerMasks(paths: readonly string[], settings: LossSettings): Promise<TheoryAnswer> {
  const { masks, voxelSize } = await readExpertMasks(paths);
  const { law } = expertLaw(masks, voxelSize.voxelVolume);
  const agreement = expertAgreement(law);
  const analysis = analyseLaw(law, settings);
  const groups = Array.from(law.groupVolumes, (volume, g) => ({ volume, probability: law.groupProbabilities[g] }));
  return {
    text: `${agreementText(agreement, voxelSize.unit)}\n\n${analysisText(analysis, voxelSize.unit)}\nRegions: voxels on which the same experts agree.`,
    json: { unit: voxelSize.unit, ...agreement, groups, ...analysis },
  };
}

async function answerFigure(
  { figure: asked, output: folder, ...flags }: TheoryFlags,
  settings: LossSettings,
): Promise<TheoryAnswer> {
  const colouring = parseColouring(flags.colours);
  const points = parseNumberIn(flags.points, '--points', { least: 2, most: 100_001, whole: true });
  if (asked === 'losses') {
    const curves = lossCurves({ ...lossFigureValues, settings });
    const drawn = { figure: lossFigure(curves), palette: lossFigurePalette(colouring), csv: lossCurvesCsv(curves) };
    const files = await writeFigure({ folder, name: 'figure-losses', ...drawn });
    return { text: wrote(files), json: { files } };
  }
  if (asked !== 'paper') {
    throw new DomainError('ARGUMENT_INVALID', `--figure: expected paper or losses but found '${asked}'`);
  }
  const data = figure1Data(points);
  const drawn = { figure: figure1(data), palette: figure1Palette(colouring), csv: figure1Csv(data) };
  const files = await writeFigure({ folder, name: 'figure-1', ...drawn });
  const switches = data.panels.map(({ regions, volumeRatio, switchProbability: p }) => ({
    n: regions,
    mu: volumeRatio,
    switchProbability: p,
  }));
  return { text: `${switchTable(data)}\n${wrote(files)}`, json: { files, switches } };
}

function wrote(files: readonly string[]): string {
  return files.map((file) => `wrote ${file}`).join('\n');
}
