const pollMilliseconds = 25;

/** Asks again and again until the answer is not undefined; after the deadline it fails and says what never came. */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  deadlineSeconds = 60,
): Promise<T> {
  const deadline = performance.now() + deadlineSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${deadlineSeconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}
