/**
 * Hashing passwords: argon2id, at most two at a time (64 MiB and 80 ms of a core each), behind a bounded queue, so
 * that a flood of log-ins costs the attacker's patience and not the box.
 */
import { hash as argon2Hash, parseOptions, verify as argon2Verify } from '@node-rs/argon2';
import { FortnightError } from '../base/errors.ts';

export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
}

export const HASH_COST: HashCost = { memoryKib: 64 * 1024, passes: 3 };
const MAX_RUNNING = 2;
const MAX_WAITING = 16;

export interface PasswordCheck {
  readonly matches: boolean;
  /** The stored hash is weaker than today's cost: hash again while the password is known. */
  readonly rehash: boolean;
}

export class Passwords {
  readonly #cost: HashCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** A hash nobody has the password of: unknown users take as long as known ones. */
  #decoy: Promise<string> | undefined;

  constructor(cost: HashCost = HASH_COST) {
    this.#cost = cost;
  }

  /** A PHC string. Throws `busy` when too many wait already. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => argon2Hash(password, this.#options()));
  }

  /**
   * Compares exactly, character by character as typed. Without a usable hash (unknown user, damaged row) it spends
   * the same time and says no. Throws `busy` when too many wait already.
   */
  async check(stored: string | undefined, password: string): Promise<PasswordCheck> {
    const cost = stored === undefined ? undefined : costOf(stored);
    const against = stored !== undefined && cost !== undefined ? stored : await this.#decoyHash();
    const matches = await this.#inTurn(() => argon2Verify(against, password).catch(() => false));
    return { matches: matches && cost !== undefined, rehash: cost !== undefined && this.#isWeak(cost) };
  }

  /** Makes the decoy before it is needed, so that the first unknown user takes no longer than the second. */
  async prepare(): Promise<void> {
    await this.#decoyHash();
  }

  #decoyHash(): Promise<string> {
    this.#decoy ??= argon2Hash('the decoy of unknown users', this.#options());
    return this.#decoy;
  }

  #options(): { memoryCost: number; timeCost: number; parallelism: number } {
    return { memoryCost: this.#cost.memoryKib, timeCost: this.#cost.passes, parallelism: 1 };
  }

  #isWeak(cost: HashCost): boolean {
    return cost.memoryKib < this.#cost.memoryKib || cost.passes < this.#cost.passes;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_RUNNING) {
      if (this.#waiting.length >= MAX_WAITING) {
        throw new FortnightError('busy', 'too many people are signing in at this moment', {
          hint: 'try again in a few seconds',
        });
      }
      await new Promise<void>((enter) => this.#waiting.push(enter));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // The place is handed on, not freed and fought for: running never exceeds its limit.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

/** What a stored hash costs; undefined when it is damaged or no argon2id. */
function costOf(stored: string): HashCost | undefined {
  if (!stored.startsWith('$argon2id$')) return undefined;
  try {
    const { memoryCost, timeCost } = parseOptions(stored);
    return { memoryKib: memoryCost, passes: timeCost };
  } catch {
    return undefined;
  }
}
