import { DomainError } from '../../domain/domain-error.js';
import { unitLabel } from '../../domain/evaluate/voxel-size.js';
import { analyseLaw, analyseRegions } from '../../domain/theory/analyse-losses.js';
import { expertAgreement } from '../../domain/theory/expert-agreement.js';
import { expertLaw } from '../../domain/theory/laws/expert-law.js';
import type { LossSettings } from '../../domain/theory/losses/loss-settings.js';
import { paperRegions, switchProbabilityLimit, symmetricOptimum } from '../../domain/theory/symmetric-case.js';
import { drawFigure1 } from './draw-figure-1.js';
import { drawLossFigure } from './draw-loss-figure.js';
import { parsePalette } from './figure-style.js';
import { parseLossSettings, parseNumberIn, parseRegions, type LossFlags } from './parse-arguments.js';
import { readExpertMasks } from './read-expert-masks.js';
import { agreementText, analysisText, switchTable, symmetricText } from './theory-text.js';

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
 * Answers one call of `volbias theory`: a symmetric case (`n`, `mu`, `p`), a user's regions, several experts' masks,
 * or, with none of them, Fig. 1 drawn into a folder. Throws ARGUMENT_INVALID naming the flag at fault.
 */
export async function answerTheory(flags: TheoryFlags): Promise<TheoryAnswer> {
  const settings = parseLossSettings(flags);
  const seed = parseNumberIn(flags.seed, '--seed', { least: 0, most: 2 ** 31 - 1, whole: true });
  const symmetric = [flags.n, flags.mu, flags.p].some((flag) => flag !== undefined);
  const asked = [symmetric, flags.regions !== undefined, flags.masks !== undefined].filter(Boolean).length;
  if (asked > 1) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      '--n --mu --p, --regions and --masks are three questions: ask one at a time',
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
  const optimum = symmetricOptimum({ coreVolume: 1, uncertainVolume: mu, regions: n, probability: p });
  const limit = switchProbabilityLimit(mu);
  const analysis = analyseRegions(paperRegions(mu, n, p), settings, { seed });
  return {
    text: `${symmetricText({ ...optimum, limit })}\n\n${analysisText(analysis, '')}\nRegions: β (N of them), γ, α.`,
    json: { n, mu, p, ...optimum, switchProbabilityLimit: limit, ...analysis },
  };
}

function answerRegions(text: string, settings: LossSettings, seed: number): TheoryAnswer {
  const regions = parseRegions(text);
  const analysis = analyseRegions(regions, settings, { seed });
  return { text: analysisText(analysis, ''), json: { regions, ...analysis } };
}

async function answerMasks(paths: readonly string[], settings: LossSettings): Promise<TheoryAnswer> {
  const { masks, voxelSize } = await readExpertMasks(paths);
  const { probabilities, ...agreement } = expertAgreement(masks, voxelSize.voxelVolume);
  const { law } = expertLaw(masks, voxelSize.voxelVolume);
  const analysis = analyseLaw(law, settings);
  const unit = unitLabel(voxelSize.unit);
  const groups = Array.from(law.groupVolumes, (volume, g) => ({ volume, probability: law.groupProbabilities[g] }));
  return {
    text: `${agreementText({ probabilities, ...agreement }, unit)}\n\n${analysisText(analysis, unit)}\nRegions: voxels on which the same experts agree.`,
    json: { unit: voxelSize.unit, ...agreement, groups, ...analysis },
  };
}

async function answerFigure(flags: TheoryFlags, settings: LossSettings): Promise<TheoryAnswer> {
  const palette = parsePalette(flags.colours);
  const points = parseNumberIn(flags.points, '--points', { least: 2, most: 100_001, whole: true });
  if (flags.figure === 'losses') {
    const { files } = await drawLossFigure({ folder: flags.output, settings, palette });
    return { text: wrote(files), json: { files } };
  }
  if (flags.figure !== 'paper') {
    throw new DomainError('ARGUMENT_INVALID', `--figure: expected paper or losses but found '${flags.figure}'`);
  }
  const { data, files } = await drawFigure1({ folder: flags.output, points, palette });
  const switches = data.panels.map(({ regions, volumeRatio, switchProbability }) => ({
    n: regions,
    mu: volumeRatio,
    switchProbability,
  }));
  return { text: `${switchTable(data)}\n${wrote(files)}`, json: { files, switches } };
}

function wrote(files: readonly string[]): string {
  return files.map((file) => `wrote ${file}`).join('\n');
}
