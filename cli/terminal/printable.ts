import { unprintable } from '../../domain/markup/visible-text.js';

/**
 * Text with unprintable characters escaped, except tabs and line ends. Names of cases and files are untrusted and may
 * contain characters that move the cursor, change colours or reverse the writing direction.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n' || character === '\t' ? character : shown(character),
  );
}

function shown(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code.toString(16).padStart(2, '0')}`;
}
