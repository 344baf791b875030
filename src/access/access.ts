/** The access room put together: what the server, the control socket and the sweep ask of it. */
import type { AccountStore } from './account.ts';
import { Accounts } from './accounts.ts';
import { ifRecordable, type Ledger } from './ledger.ts';
import { Passwords } from './passwords.ts';
import { Purposes } from './purpose.ts';
import type { SessionStore } from './session.ts';
import { Sessions } from './sessions.ts';
import { loginResult, SignIn } from './sign-in.ts';
import { Streams } from './streams.ts';
import { Throttle } from './throttle.ts';
import { Trail } from './trail.ts';
import type { ViewStore } from './view-window.ts';
import { ViewGate } from './viewing.ts';

export interface AccessParts {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly views: ViewStore;
  readonly ledger: Ledger;
  readonly events: AccessEvents;
  /** A clock that never steps back (the retention clock). */
  readonly nowMs: () => number;
  /** Names an attacker would try in passwords: the site's, the city's, the controller's. */
  readonly knownNames: readonly string[];
  /** Tests hash at a lower cost. */
  readonly passwords?: Passwords;
}

export interface AccessEvents {
  loginTried(what: { readonly outcome: 'success' | 'failure' | 'throttled' }): void;
  viewOpened(what: { readonly cameraId: string }): void;
}

export interface Access {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly purposes: Purposes;
  readonly views: ViewGate;
  readonly streams: Streams;
  readonly trail: Trail;
  /** Ends what the clock has ended: sessions, quiet view windows, runs of equal records. Each second. */
  tick(): void;
  /** Ends view windows and streams with their records; sessions live on. */
  stop(): Promise<void>;
}

/** Joins the room; ends the view windows an earlier run left open. Throws `audit_unavailable` when it cannot. */
export function createAccess(parts: AccessParts): Access {
  const { accounts: store, ledger, events, nowMs, knownNames } = parts;
  const passwords = parts.passwords ?? new Passwords();
  const sessions = new Sessions(parts.sessions, ledger);
  const streams = new Streams();
  const trail = new Trail(ledger);
  const views = new ViewGate({
    store: parts.views,
    ledger,
    onOpened: ({ cameraId }) => {
      events.viewOpened({ cameraId });
    },
  });
  views.recover();
  sessions.onClosed((session) => {
    void streams.closeForSession(session.id);
    // Windows whose end cannot be written now stay open and end when they have been quiet.
    ifRecordable(() => {
      views.endSession(session.id, 'session_closed');
    });
  });
  return {
    accounts: new Accounts({ store, ledger, passwords, sessions, knownNames, nowMs }),
    sessions,
    signIn: new SignIn({
      accounts: store,
      ledger,
      passwords,
      sessions,
      throttle: new Throttle(),
      onLogin: (outcome) => {
        events.loginTried({ outcome: loginResult(outcome) });
      },
    }),
    purposes: new Purposes(parts.sessions, ledger),
    views,
    streams,
    trail,
    tick: () => {
      const now = nowMs();
      sessions.tick(now);
      views.tick(now);
      trail.tick(now);
    },
    stop: async () => {
      await streams.closeAll();
      views.stop();
      trail.stop();
    },
  };
}
