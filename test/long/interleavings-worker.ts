/** One core's share of the interleavings. Run: <first seed> <last seed> <milliseconds>. */
import { describeFailure, tryMany } from '../simulation/interleavings/many.ts';

const [from = 0, to = 0, forMs = 0] = process.argv.slice(2).map(Number);
const { count, orders, failed } = await tryMany({ from, to, untilMs: performance.now() + forMs });
process.send?.({ count, orders, failed: failed === undefined ? null : describeFailure(failed) }, () => {
  process.disconnect();
});
