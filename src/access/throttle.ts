/**
 * Slowing down guesses. Attempts are taken from an allowance before the password is looked at and given back when it
 * was right: a hundred guesses at once are no better than one after the other, and whoever is throttled learns
 * nothing, because the right password gets the same answer.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const QUARTER_HOUR_S = 15 * 60;
const DAY_S = 24 * 60 * 60;

export interface Allowance {
  /** Wrong passwords of one account in a quarter of an hour. */
  readonly account: number;
  /** Wrong passwords of one account in a day: stays below NIST's hundred for most of a week. */
  readonly accountDay: number;
  /** Wrong passwords from one address in a quarter of an hour, over all accounts. */
  readonly source: number;
}

export const LOGIN_ALLOWANCE: Allowance = { account: 5, accountDay: 20, source: 20 };

export type Passage =
  { readonly admitted: true } | { readonly admitted: false; readonly retryAfterS: number };

export class Throttle {
  readonly #account: RateLimiterMemory;
  readonly #accountDay: RateLimiterMemory;
  readonly #source: RateLimiterMemory;

  constructor(allowance: Allowance = LOGIN_ALLOWANCE) {
    this.#account = limiter(allowance.account, QUARTER_HOUR_S);
    this.#accountDay = limiter(allowance.accountDay, DAY_S);
    this.#source = limiter(allowance.source, QUARTER_HOUR_S);
  }

  /** Takes one attempt from each allowance. Refused attempts cost nothing further and see no password check. */
  async take(account: string, peer: string): Promise<Passage> {
    const source = await consume(this.#source, sourceOf(peer));
    if (!source.admitted) return source;
    const key = keyOf(account);
    const quarter = await consume(this.#account, key);
    return quarter.admitted ? consume(this.#accountDay, key) : quarter;
  }

  /** The password was right: the account starts afresh, the source gets its attempt back. */
  async giveBack(account: string, peer: string): Promise<void> {
    const key = keyOf(account);
    await this.#account.delete(key);
    await this.#accountDay.delete(key);
    await this.#source.reward(sourceOf(peer), 1);
  }

  /** The attempt was not judged (too busy): each allowance gets it back. */
  async undo(account: string, peer: string): Promise<void> {
    const key = keyOf(account);
    await this.#account.reward(key, 1);
    await this.#accountDay.reward(key, 1);
    await this.#source.reward(sourceOf(peer), 1);
  }
}

function limiter(points: number, duration: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration });
}

async function consume(from: RateLimiterMemory, key: string): Promise<Passage> {
  try {
    await from.consume(key, 1);
    return { admitted: true };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return { admitted: false, retryAfterS: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) };
  }
}

/** Names are of any length and kind when they are guesses: a digest bounds what is kept. */
function keyOf(account: string): string {
  return createHash('sha256').update(account.toLowerCase(), 'utf8').digest('base64url').slice(0, 22);
}

/** An IPv6 subscriber has 2^64 addresses: the network counts, not the address. */
function sourceOf(peer: string): string {
  const plain = peer.replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head.split(':').filter((g) => g !== '');
  const right = (tail ?? '').split(':').filter((g) => g !== '');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...new Array<string>(Math.max(0, zeros)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((g) => Number.parseInt(g, 16).toString(16))
    .join(':')}::/64`;
}
