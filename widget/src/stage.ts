let last: Promise<void> = Promise.resolve();

/** One survey at a time in a page: wait until the one before has left; resolves to how to leave. */
export function stage(): Promise<() => void> {
  const before = last;
  return new Promise((enter) => {
    last = new Promise((leave) => void before.then(() => enter(leave)));
  });
}
