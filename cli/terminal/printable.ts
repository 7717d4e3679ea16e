/**
 * Text with all control characters escaped, except tabs and line feeds. Case and file names come from outside and may
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
