/**
 * Text with control characters made visible, except tabs and line ends. Names of cases and files are untrusted and may
 * contain sequences that move the cursor or change colours.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' || character === '\t' ? character : shown(character),
  );
}

function shown(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
