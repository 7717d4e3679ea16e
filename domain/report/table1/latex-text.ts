import { visibleText } from '../../markup/visible-text.js';

/** What LaTeX would take for a command, or does not know in its default encoding. */
const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\symbol{36}', // \$ needs a font that small installations lack
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '~': '\\~{}',
  '^': '\\^{}',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  '"': "''",
  '−': '$-$',
  '±': '$\\pm$',
  '·': '$\\cdot$',
  '²': '$^2$',
  Δ: '$\\Delta$',
  α: '$\\alpha$',
  β: '$\\beta$',
  γ: '$\\gamma$',
  ε: '$\\varepsilon$',
  á: "\\'a",
  '—': '---',
  '†': '$^{\\dagger}$',
  '▲': '\\textbf{bold}',
  '▼': '\\textit{italic}',
  '⚠': '!',
  '\ufffd': '?',
};

/**
 * The text for LaTeX, in ASCII as far as reports have other characters: a name cannot become a command. The marks of bias are
 * the words for the type that shows them.
 */
export function latexText(text: string): string {
  return visibleText(text).replace(/[\\{}$&#%_~^<>|"]|[^\x20-\x7e]/gu, (character) => commands[character] ?? character);
}
