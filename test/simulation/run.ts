import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

/** `npm run simulate`: many seeds, or the story of one. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

/** So often a line says how far it is. */
const EVERY = 10_000;

process.exitCode =
  values.seed === undefined
    ? await many(whole('--from', values.from), whole('--seeds', values.seeds))
    : await one(whole('--seed', values.seed));

function whole(option: string, given: string): number {
  if (/^\d{1,9}$/.test(given)) return Number(given);
  console.error(`${option} takes a whole number, such as 42; it got ${given}.`);
  process.exit(2);
}

/** What happened, move by move: the same again each time, so a bug can be looked at for as long as it takes. */
async function one(seed: number): Promise<number> {
  const { violation, events, moves, ends } = await simulate(seed, { tell: (line) => console.log(line) });
  console.log(`\nSeed ${seed}: ${events} events, ${moves} moves; runs ended ${ends.join(', ')}.`);
  console.log(violation === undefined ? 'Every invariant held.' : `Broken: ${violation}`);
  return violation === undefined ? 0 : 1;
}

async function many(from: number, count: number): Promise<number> {
  const began = performance.now();
  const ends = new Map<string, number>();
  let [events, broken] = [0, 0];
  for (let seed = from; seed < from + count; seed += 1) {
    const verdict = await simulate(seed);
    events += verdict.events;
    for (const end of verdict.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
    if (verdict.violation !== undefined) {
      broken += 1;
      console.log(`Seed ${seed} broke an invariant: ${verdict.violation}\n  npm run simulate -- --seed ${seed}`);
    }
    const done = seed - from + 1;
    if (done % EVERY === 0 && done < count) console.log(`${done} of ${count} seeds, ${seconds(began)} s`);
  }
  // A run that nobody took up, for it had not begun, is still `running` by its journal.
  const how = [...ends].sort(([, a], [, b]) => b - a).map(([end, times]) => `${times} ${end}`);
  console.log(`${count} seeds in ${seconds(began)} s: ${events} events; runs ended ${how.join(', ')}.`);
  console.log(broken === 0 ? 'Every invariant held.' : `${broken} seeds broke an invariant.`);
  return broken === 0 ? 0 : 1;
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1_000).toFixed(1);
}
