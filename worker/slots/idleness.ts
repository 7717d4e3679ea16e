const millisecondsBetweenLooks = 1000;

/**
 * Calls `onIdle` once there has been no work for the given time; never if that is undefined. The returned function ends
 * the watch.
 */
export function watchForIdleness(
  isWorking: () => boolean,
  seconds: number | undefined,
  onIdle: () => void,
): () => void {
  if (seconds === undefined) return () => undefined;
  let lastWork = performance.now();
  const timer = setInterval(() => {
    if (isWorking()) lastWork = performance.now();
    if (performance.now() - lastWork < seconds * 1000) return;
    clearInterval(timer);
    onIdle();
  }, millisecondsBetweenLooks);
  return () => {
    clearInterval(timer);
  };
}
