import { isScalar, LineCounter, parseDocument, visit } from 'yaml';

/**
 * The names in a valid config that have become others, each with its line: what a user should be told. They still work.
 */
export function formerNames(path: string, text: string): string[] {
  const lines = new LineCounter();
  const found: string[] = [];
  visit(parseDocument(text, { lineCounter: lines }), {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || key.value !== 'resampling' || !isScalar(value) || value.value !== 'itk') return;
      const { line } = lines.linePos(value.range?.[0] ?? 0);
      found.push(`${path}:${String(line)}  resampling: itk is now called centred; ITK's own convention is origin`);
    },
  });
  return found;
}
