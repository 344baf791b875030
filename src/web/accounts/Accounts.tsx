/** Accounts: who may do what, and who may no longer. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Account, Session } from '../../http/api/index.ts';
import { changeAccount, getAccounts, type Role } from '../api/endpoints.ts';
import { Await, Failure } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useTexts, useWords } from '../state/language.ts';
import { useAction, useLoad } from '../state/load.ts';

const ROLES: readonly Role[] = ['security', 'facility', 'privacy', 'admin'];

export function Accounts({ session }: { session: Session }): JSX.Element {
  const { accounts } = useTexts();
  const list = useLoad<Account[]>('accounts', getAccounts);
  const action = useAction();
  const [changed, setChanged] = useState<string | undefined>(undefined);
  const change = (account: Account, part: { disabled?: boolean; role?: Role }): void => {
    action.run(async () => {
      setChanged(undefined);
      await changeAccount(account.id, part);
      setChanged(account.displayName);
      list.reload();
    });
  };
  return (
    <main class="table-page">
      <div class="page-head">
        <h1>{accounts.title}</h1>
      </div>
      <p class="page-about">{accounts.about}</p>
      <Failure code={action.failed} />
      <p class="page-note" role="status">
        {changed === undefined ? '' : accounts.changed(changed)}
      </p>
      <Await of={list}>
        {(value) => <Table accounts={value} own={session.userName} busy={action.running} onChange={change} />}
      </Await>
      <Meaning />
    </main>
  );
}

interface TableProps {
  readonly accounts: readonly Account[];
  readonly own: string;
  readonly busy: boolean;
  readonly onChange: (account: Account, part: { disabled?: boolean; role?: Role }) => void;
}

function Table(props: TableProps): JSX.Element {
  const { accounts: texts } = useTexts();
  return (
    <section class="panel">
      <table class="records">
        <thead>
          <tr>
            <th>{texts.name}</th>
            <th>{texts.userName}</th>
            <th>{texts.role}</th>
            <th>{texts.since}</th>
            <th>{texts.state}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {props.accounts.map((account) => (
            <Line key={account.id} {...props} account={account} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** One's own line cannot be changed: nobody locks oneself out. */
function Line({ account, own, busy, onChange }: TableProps & { account: Account }): JSX.Element {
  const { texts, time } = useWords();
  const { accounts, shared } = texts;
  const self = account.userName === own;
  return (
    <tr>
      <td>{account.displayName}</td>
      <td>
        {account.userName} {self ? <span class="muted">({accounts.you})</span> : null}
      </td>
      <td>
        <select
          class="input"
          aria-label={`${accounts.role} ${account.displayName}`}
          disabled={self || busy}
          value={account.role}
          onChange={(e) => {
            const role = ROLES.find((r) => r === e.currentTarget.value);
            if (role !== undefined) onChange(account, { role });
          }}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {shared.roles[role]}
            </option>
          ))}
        </select>
      </td>
      <td>{time.day(account.createdMs)}</td>
      <td>
        <span class={account.disabled ? 'chip bad' : 'chip ok'}>
          <Icon name={account.disabled ? 'x' : 'ok'} />
          {account.disabled ? accounts.disabled : accounts.active}
        </span>
      </td>
      <td class="right">
        {self ? null : (
          <button
            class={account.disabled ? 'button' : 'button bad'}
            disabled={busy}
            onClick={() => {
              onChange(account, { disabled: !account.disabled });
            }}
          >
            {account.disabled ? accounts.enable : accounts.disable}
          </button>
        )}
      </td>
    </tr>
  );
}

function Meaning(): JSX.Element {
  const { accounts, shared } = useTexts();
  return (
    <section class="role-meaning">
      <h2>{accounts.rolesTitle}</h2>
      <dl class="pairs">
        {ROLES.map((role) => (
          <div key={role}>
            <dt>{shared.roles[role]}</dt>
            <dd>{accounts.roleMeans[role]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
