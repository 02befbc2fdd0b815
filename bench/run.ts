import { benchDeploy } from './deploy.ts';
import { benchHealthy } from './healthy.ts';
import { benchHistory } from './history.ts';
import { benchJournal } from './journal.ts';
import { benchPlan } from './plan.ts';
import { benchStart } from './start.ts';
import { benchSteps } from './steps.ts';

const all = {
  start: benchStart,
  steps: benchSteps,
  journal: benchJournal,
  history: benchHistory,
  plan: benchPlan,
  deploy: benchDeploy,
  healthy: benchHealthy,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in all));
if (unknown.length > 0) throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`);
for (const [name, bench] of Object.entries(all)) if (wanted.length === 0 || wanted.includes(name)) await bench();
