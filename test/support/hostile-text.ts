/** It would run wherever text is taken for markup, and widen whatever does not break words. */
export const hostileText = `<img src=x onerror="document.title=1">/${'long'.repeat(20)}`;
