import { rmSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Works with a temporary folder, which is gone afterwards: also when the work fails, and when a signal ends this process. */
export async function withTemporary<T>(make: () => Promise<string>, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await make();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const leave = (signal: NodeJS.Signals) => {
    remove();
    for (const each of SIGNALS) process.off(each, leave);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, leave);
  try {
    return await work(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
    remove();
  }
}
