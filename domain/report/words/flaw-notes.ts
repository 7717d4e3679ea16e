import { farFromEnd, type ArmFlaw } from '../../results/arm-flaw.js';
import type { Results, ResultsArm, Verdict } from '../../results/results.js';
import { visibleText } from '../../markup/visible-text.js';
import { counted, listed, percent } from './format-number.js';
import { lossShort, modelLabel } from './labels.js';

const flaws = ['collapsed', 'unfinished'] as const;

const reasons: Readonly<Record<ArmFlaw, string>> = {
  collapsed: 'collapsed to one probability everywhere',
  unfinished:
    `were cut short far from their end (the loss still fell by more than ${percent(farFromEnd)} % in the last epoch); ` +
    'raise training.maxEpochs',
};

/** Arms named in a headline; of more, it gives the number. */
const mostNamed = 3;

/** Which of the arms that would be judged are not, and why: a sentence for each reason. */
export function flawSentences({ dataSets }: Pick<Results, 'dataSets'>): string[] {
  const judged = dataSets.flatMap(({ name, arms, verdict }) =>
    arms
      .filter(({ model }) => model === verdict.model)
      .map(({ model, loss, flaw }) => ({
        flaw,
        text: `${modelLabel(model)} ${lossShort(loss)}${dataSets.length > 1 ? ` on ${visibleText(name)}` : ''}`,
      })),
  );
  return flaws.flatMap((flaw) => {
    const own = judged.filter((arm) => arm.flaw === flaw).map(({ text }) => text);
    if (own.length === 0) return [];
    const which = own.length > mostNamed ? `${own.length} of ${counted(judged.length, 'arm')}` : listed(own);
    return [`Not judged: ${which}, whose trainings ${reasons[flaw]}.`];
  });
}

/** What stands in the place of a test, behind an arm's mean volume error; undefined for an arm without a flaw. */
export function flawClause({ flaw }: Pick<ResultsArm, 'flaw'>): string | undefined {
  return flaw === null ? undefined : `which says nothing about the loss: its trainings ${reasons[flaw]}`;
}

/** For a data set of which nothing could be judged because of flaws; undefined otherwise. */
export function flawBadge({ arms, tested }: Verdict): string | undefined {
  if (tested.length > 0) return undefined;
  if (arms.some(({ flaw }) => flaw === 'unfinished')) return 'trainings cut short';
  return arms.some(({ flaw }) => flaw === 'collapsed') ? 'trainings collapsed' : undefined;
}
