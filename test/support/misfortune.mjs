// Loaded into a daemon before its own code (`node --import`): on SIGUSR2 a misfortune of the process comes about.
//   ?rejection  a promise is rejected that nobody looks at      ?exception  an error that nobody catches
//   ?heap       memory is used until there is none               ?hang       nothing that is told to end does so
import { Worker } from 'node:worker_threads';

const MISFORTUNES = {
  rejection: () => void Promise.reject(new Error('nobody looked at this')),
  exception: () => setImmediate(() => fail('nobody caught this')),
  heap: () => hoard([]),
  hang: () => (Worker.prototype.terminate = () => new Promise(() => setInterval(() => undefined, 1000))),
};

function fail(message) {
  throw new Error(message);
}

function hoard(kept) {
  for (;;) kept.push(new Array(100_000).fill(kept.length));
}

const kind = new URL(import.meta.url).search.slice(1);
process.on('SIGUSR2', () => {
  MISFORTUNES[kind]();
  process.stdout.write(`misfortune ${kind}\n`);
});
