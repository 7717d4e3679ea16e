import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { markup, Markup } from '../../markup/markup.js';
import { stylesheet } from './stylesheet.js';

/** A whole page with the report's styles, without scripts or external resources. */
export function htmlPage(title: string, body: Markup): string {
  const style = new Markup(stylesheet);
  // The policy allows only this style sheet, by its digest, so that injected styles have no effect, and images only as
  // data URLs.
  const policy = `default-src 'none'; style-src 'sha256-${base64(sha256(utf8ToBytes(stylesheet)))}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style></head>
<body>
${body}
</body></html>
`.source;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
