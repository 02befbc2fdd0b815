import type { Resources } from '../runner/contract.ts';

/** Things opened once and closed together, last first. */
export type OpenResources = Resources & { close(): void };

export function createResources(): OpenResources {
  const opened = new Map<string, unknown>();
  const closers: (() => void)[] = [];
  return {
    once<T>(key: string, open: () => T, close?: (opened: T) => void): T {
      if (opened.has(key)) return opened.get(key) as T;
      const value = open();
      opened.set(key, value);
      if (close) closers.push(() => close(value));
      return value;
    },
    close() {
      for (const close of closers.reverse()) close();
      opened.clear();
      closers.length = 0;
    },
  };
}
