/**
 * Text with control characters shown instead of sent to the terminal, but for tabs and line ends: names of cases and files come from
 * outside and may hold what moves the cursor or changes colours.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' || character === '\t' ? character : shown(character),
  );
}

function shown(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
