/**
 * The index on its disk. SQLite itself is the real one, in memory; what a power cut leaves of it follows from how it was
 * opened. At synchronous=FULL every commit is on the disk when it returns. At NORMAL the log is made durable at
 * checkpoints only, and the last commits may be lost, whole, the newest first.
 *
 * All lives of a process share one connection, so that its statements are prepared once. Each begins in a transaction
 * that is rolled back at its end; the product's own transactions are savepoints within.
 */
import Database, { type Statement } from 'better-sqlite3';
import { migrate } from '../../src/db/migrate.ts';
import type { Db } from '../../src/db/open.ts';
import type { Random } from './random.ts';
import type { Life } from './scheduler.ts';

export type Synchronous = 'FULL' | 'NORMAL';

let connection: Db | undefined;

function connected(): Db {
  if (connection !== undefined) return connection;
  connection = new Database(':memory:');
  connection.pragma('foreign_keys = ON');
  migrate(connection);
  return connection;
}

export class IndexFile {
  readonly #db = connected();
  readonly #losesCommits: boolean;
  readonly #changes: Statement<[], number>;
  #lastChanges: number;
  /** At NORMAL: savepoints made after each commit that is not durable yet. */
  #commits = 0;

  constructor(synchronous: Synchronous) {
    this.#losesCommits = losesCommits(this.#db, synchronous);
    this.#db.exec('BEGIN');
    if (this.#losesCommits) this.#db.exec('SAVEPOINT commit_0');
    this.#changes = prepared('SELECT total_changes()', ['pluck']) as Statement<[], number>;
    this.#lastChanges = this.#changes.get() ?? 0;
  }

  /** The index for a daemon: no longer written to by it when it dies. */
  openFor(life: Life): Db {
    const demandLife = (): void => {
      if (!life.alive) throw new Error('this connection died with its process');
    };
    const open = {
      prepare: (sql: string) => new Bound(sql, demandLife),
      transaction: (work: () => unknown) => {
        demandLife();
        return inTransaction(work);
      },
    };
    return open as unknown as Db;
  }

  /** For the model, which outlives every daemon. */
  get forModel(): Db {
    return { prepare: (sql: string) => prepared(sql, []) } as unknown as Db;
  }

  /** After each step: notes what was committed and is not durable. */
  afterStep(): void {
    if (!this.#losesCommits) return;
    const changes = this.#changes.get() ?? 0;
    if (changes === this.#lastChanges) return;
    this.#lastChanges = changes;
    this.#commits += 1;
    this.#db.exec(`SAVEPOINT commit_${this.#commits}`);
  }

  /** A checkpoint has made everything durable. */
  checkpointed(): void {
    if (!this.#losesCommits) return;
    this.#db.exec('RELEASE commit_0; SAVEPOINT commit_0');
    this.#commits = 0;
  }

  /** The power went: what was committed but not durable may be gone. */
  powerCut(random: Random): void {
    if (!this.#losesCommits) return;
    this.afterStep();
    this.#db.exec(`ROLLBACK TO commit_${random.int(0, this.#commits)}`);
    this.checkpointed();
  }

  /** The life is over, and all it wrote. */
  end(): void {
    this.#db.exec('ROLLBACK');
  }
}

/** Whether a connection opened like this may lose commits, by what SQLite says of it. */
function losesCommits(db: Db, synchronous: Synchronous): boolean {
  if (opened?.synchronous !== synchronous) {
    db.pragma(`synchronous = ${synchronous}`);
    opened = { synchronous, losesCommits: db.pragma('synchronous', { simple: true }) === 1 };
  }
  return opened.losesCommits;
}

let opened: { readonly synchronous: Synchronous; readonly losesCommits: boolean } | undefined;

/** As better-sqlite3 does it within a transaction; that of its own is four functions for each that is called once. */
function inTransaction(work: () => unknown): unknown {
  const [begin, end, undo] = (savepoint ??= SAVEPOINT.map((sql) => connected().prepare(sql)));
  const done = (): unknown => {
    begin!.run();
    try {
      const result = work();
      end!.run();
      return result;
    } catch (error) {
      undo!.run();
      end!.run();
      throw error;
    }
  };
  return Object.assign(done, { immediate: done });
}

const SAVEPOINT = ['SAVEPOINT one_transaction', 'RELEASE one_transaction', 'ROLLBACK TO one_transaction'];
let savepoint: Statement[] | undefined;

/** How a statement gives its rows. */
type Manner = 'pluck' | 'safeIntegers';

/** By SQL, then by manners. */
const statements = new Map<string, Map<string, Statement>>();

/**
 * A bare parameter in a condition has this SQLite plan a statement anew whenever its value changes, which on a small
 * index takes ten times as long as the answer. A plus before it keeps the plan and changes nothing else.
 */
function prepared(sql: string, manners: readonly Manner[]): Statement {
  let ways = statements.get(sql);
  if (ways === undefined) statements.set(sql, (ways = new Map<string, Statement>()));
  const way = manners.length === 0 ? '' : manners.join(' ');
  let statement = ways.get(way);
  if (statement === undefined) {
    statement = connected().prepare(sql.replace(/(?<![\w+])(\?|@\w+)/g, '+$1'));
    for (const manner of manners) statement[manner]();
    ways.set(way, statement);
  }
  return statement;
}

/** A statement of one daemon's connection, prepared when it is first used. */
class Bound {
  readonly #sql: string;
  readonly #demandLife: () => void;
  readonly #manners: Manner[] = [];
  #statement: Statement | undefined;

  constructor(sql: string, demandLife: () => void) {
    this.#sql = sql;
    this.#demandLife = demandLife;
  }

  pluck(): this {
    this.#manners.push('pluck');
    return this;
  }

  safeIntegers(): this {
    this.#manners.push('safeIntegers');
    return this;
  }

  run(...values: unknown[]): unknown {
    this.#demandLife();
    return this.#prepared().run(...values);
  }

  // What a dead process still reads changes nothing, and nobody waits for what it makes of it.
  get(...values: unknown[]): unknown {
    return this.#prepared().get(...values);
  }

  all(...values: unknown[]): unknown[] {
    return this.#prepared().all(...values);
  }

  iterate(...values: unknown[]): IterableIterator<unknown> {
    return this.#prepared().iterate(...values);
  }

  #prepared(): Statement {
    return (this.#statement ??= prepared(this.#sql, this.#manners));
  }
}
