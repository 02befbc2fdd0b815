import type { Context, Look } from '../../src/runner/contract.ts';

/** A Look for clients alone: an environment, a target, and resources that a test can close. */
export type ClientLook = { look: Look; context: Context; abort(reason: Error): void; close(): void };

export function clientLook(env: Record<string, string>, target: Partial<Look['target']> = {}): ClientLook {
  const controller = new AbortController();
  const opened = new Map<string, { value: unknown; close: (() => void) | undefined }>();
  const look = {
    env,
    signal: controller.signal,
    target: { directory: '/', files: [], env_files: [], profiles: [], env: {}, ...target },
    // Waiting between two tries costs nothing here.
    clock: { now: () => Date.now(), sleep: async () => undefined },
    resources: {
      once<T>(key: string, open: () => T, close?: (value: T) => void): T {
        const known = opened.get(key);
        if (known) return known.value as T;
        const value = open();
        opened.set(key, { value, close: close && (() => close(value)) });
        return value;
      },
    },
  } as unknown as Look;
  return {
    look,
    context: { look, signal: controller.signal, log: () => undefined } as unknown as Context,
    abort: (reason) => controller.abort(reason),
    close: () => {
      for (const { close } of opened.values()) close?.();
    },
  };
}
