import { afterAll, beforeAll } from 'vitest';

/** What all tests of a file share: opened before the first of them, closed after the last. */
export function shared<T>(open: (body: (value: T) => Promise<void>) => Promise<void>): () => T {
  const over = Promise.withResolvers<void>();
  let opened: { value: T } | undefined;
  let closed: Promise<void> | undefined;
  beforeAll(async () => {
    const ready = Promise.withResolvers<void>();
    closed = open(async (value) => {
      opened = { value };
      ready.resolve();
      await over.promise;
    });
    closed.catch(ready.reject);
    await ready.promise;
  });
  afterAll(async () => {
    over.resolve();
    await closed;
  });
  return () => {
    if (!opened) throw new Error('it is not there yet');
    return opened.value;
  };
}
