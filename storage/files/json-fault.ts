/** Where a text ceases to be JSON, in plain words that follow its path; `error` is that of JSON.parse. */
export function jsonFault(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const at = /at position (\d+)/.exec(message)?.[1];
  if (/end of JSON input/.test(message) || Number(at) >= text.trimEnd().length)
    return 'it is not JSON: it ends too early';
  if (at === undefined) return 'it is not JSON';
  const before = text.slice(0, Number(at)).split('\n');
  return `it is not JSON: line ${before.length}, column ${(before.at(-1) ?? '').length + 1} does not fit`;
}
