import type { LoadResult } from './load.ts';

/** Counts what became of requests; all times are given, in milliseconds. */
export class LoadCount {
  #sent = 0;
  #failures: Record<string, number> = {};
  #versions: LoadResult['versions'] = {};
  #lastGood = 0;
  #closed: number | undefined;
  #gap = 0;
  #latency = 0;
  #waiting = 0;
  #settled: (() => void) | undefined;

  begin(now: number): void {
    this.#lastGood = now;
  }

  sent(): void {
    this.#sent += 1;
    this.#waiting += 1;
  }

  answered(version: string, sentAt: number, now: number): void {
    const seen = this.#versions[version] ?? { count: 0, first: now, last: now };
    this.#versions[version] = { ...seen, count: seen.count + 1, last: now };
    this.#gap = Math.max(this.#gap, now - this.#lastGood);
    this.#lastGood = now;
    this.#latency = Math.max(this.#latency, now - sentAt);
    this.#end();
  }

  failed(kind: string): void {
    this.#failures[kind] = (this.#failures[kind] ?? 0) + 1;
    this.#end();
  }

  /** Nothing is sent any more: silence from now on is no gap. */
  close(now: number): void {
    this.#closed = now;
  }

  /** Resolves once every request has been answered or has failed. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#settled = resolve;
      if (this.#waiting === 0) resolve();
    });
  }

  result(now: number): LoadResult {
    const failed = Object.values(this.#failures).reduce((sum, each) => sum + each, 0);
    const silence = (this.#closed ?? now) - this.#lastGood;
    return {
      sent: this.#sent,
      ok: this.#sent - failed - this.#waiting,
      failed,
      failures: this.#failures,
      versions: this.#versions,
      longest_gap_ms: Math.round(Math.max(this.#gap, silence)),
      max_latency_ms: Math.round(this.#latency),
    };
  }

  #end(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#settled?.();
  }
}
