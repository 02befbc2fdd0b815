import { describeStore } from '../history/store-contract.ts';
import { memoryStore } from './store.ts';

describeStore('the store of the simulation', () => {
  const store = memoryStore();
  return { store, other: store };
});
