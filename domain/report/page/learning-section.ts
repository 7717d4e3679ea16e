import { inlineSvg } from '../../figures/figure.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { learningFigure } from '../figures/learning-figure.js';
import { curveMeanings } from '../figures/mark-meanings.js';
import type { TraceWords } from '../words/trace-words.js';
import type { ReportInput } from '../report-input.js';
import { scrollArea } from './scroll-area.js';
import { legendList } from './sections.js';

/** How the losses fell; nothing without trainings. */
export function learningSection(
  { results, trainings }: Pick<ReportInput, 'results' | 'trainings'>,
  trace: TraceWords,
): Markup {
  if (trainings.length === 0) return nothing;
  return markup`<section><h2>Learning curves</h2>
${legendList(curveMeanings)}
<figure><div ${scrollArea('Figure 5')}>${inlineSvg(learningFigure(results, trainings, trace))}</div>
<figcaption>Figure 5. Losses of each training by epoch, and below them its learning rate on a logarithmic scale: thin lines are trainings, bold ones their medians, drawn while at least half of them still train. A dot marks the epoch whose network was chosen, a short tick where the learning rate dropped, a long one where the training ended. Each panel has its own scales. <code>training.csv</code> has the numbers.</figcaption></figure></section>`;
}
