/** What the demo tells the person who started it. */
import type { Account } from './accounts.ts';
import type { Stage } from './stage.ts';

const CAN: Readonly<Record<Account['role'], string>> = {
  security: 'states a purpose and watches footage',
  facility: 'places and releases holds, sees no footage',
  privacy: 'reads the audit: who watched what, and why',
  admin: 'manages accounts, sees no footage',
};

export function accountTable(accounts: readonly Account[]): string {
  const rows = accounts.map(
    ({ userName, password, role }) =>
      `  ${userName.padEnd(8)} ${password.padEnd(18)} ${role.padEnd(9)} ${CAN[role]}`,
  );
  return ['', 'Accounts (shown this once):', ...rows].join('\n');
}

export function whatToLookAt({ port, metricsPort, dir }: Stage): string {
  const node = 'node dist/main.js';
  return `
Open  https://localhost:${String(port)}  (the certificate is the demo's own: the browser asks you to accept it)

  Log in as sam      The camera at the entrance is being recorded now; a new clip every ten seconds.
                     Go back fourteen days: clips fall due and go, the minute after they do.
                     One quarter of an hour stays: a hold is on it.
  Log in as fatima   The hold DEMO-1, and what it keeps. Place another. No picture anywhere.
  Log in as piet     The audit: each log-in, each view, each batch of deletions.

  Also:  ${node} status --config ${dir}/fortnight.yaml
         ${node} retention plan --config ${dir}/fortnight.yaml
         curl http://127.0.0.1:${String(metricsPort)}/metrics

Ctrl-C ends it.
`;
}

export function farewell({ dir }: Stage): string {
  return `Stopped. ${dir} is left for a look; the next start empties it (unless --keep).`;
}
